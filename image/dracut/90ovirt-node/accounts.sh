#!/bin/sh
# On an installed node: passwd, shadow, group and gshadow are whole and agree before anything reads them.  Each program
# that writes them renames one file after the other, and a disk may lose more than that.  A damaged file is replaced by
# its backup of before the last change (shadow-, ...), else by that of the image; what was there is kept beside it.
. /lib/ovirt-node-identity.sh

node_base=${node_base:-/run/rootfsbase}

# True when the file $1, called $2, is whole: it has the lines that no node is without, and its last line is not cut.
# Another line that nobody can read is somebody's mistake; who looks up accounts skips it.
node_whole_file() {
    [ -f "$1" ] && [ -s "$1" ] || return 1
    # a file that lost its blocks is full of zeros, which the shell would not see
    [ "$(tr -d '\000' < "$1" | wc -c)" = "$(wc -c < "$1")" ] || return 1
    case $2 in
        passwd) node_rest=':[^:]*:[0-9]+(:[^:]*){4}' node_needed="root admin" ;;
        shadow) node_rest='(:[^:]*){8}' node_needed="root admin" ;;
        group) node_rest=':[^:]*:[0-9]+:[^:]*' node_needed="root admin" ;;
        gshadow) node_rest='(:[^:]*){3}' node_needed="root" ;;
    esac
    node_last=$(tail -n 1 "$1")
    [ -z "$node_last" ] || printf '%s\n' "$node_last" | grep -Eqx "[^:]+$node_rest" || return 1
    for node_account in $node_needed; do
        grep -Eqx "$node_account$node_rest" "$1" || return 1
    done
}

# Puts the standard input in place of the file $1, called $2: with its mode and owner in the image, by one rename.
node_replace() {
    rm -rf "$1.mended"
    cat > "$1.mended" && chown --reference="$node_base/etc/$2" "$1.mended" \
        && chmod --reference="$node_base/etc/$2" "$1.mended" && sync "$1.mended" && mv -T "$1.mended" "$1"
}

# Says what was mended, now, and for the consoles once the node is up.
node_mended() {
    node_say "$1"
    echo "$1" >> "$node_run/accounts-mended"
}

node_mend_file() {
    node_file=$NEWROOT/etc/$1
    node_whole_file "$node_file" "$1" && return
    if [ -e "$node_file" ]; then
        rm -rf "$node_file.damaged"
        # a copy, so that there is a file by this name at any time
        cp -a "$node_file" "$node_file.damaged"
        [ -d "$node_file" ] && rm -rf "$node_file"
    fi
    if node_whole_file "$node_file-" "$1" && node_replace "$node_file" "$1" < "$node_file-"; then
        node_mended "/etc/$1 was damaged; that of before its last change was taken (damaged one: $1.damaged)"
    elif node_replace "$node_file" "$1" < "$node_base/etc/$1"; then
        node_mended "/etc/$1 was damaged, and its backup too; that of the image was taken (damaged one: $1.damaged)"
    else
        node_mended "/etc/$1 is damaged and cannot be replaced"
    fi
}

# The lines of the file $1 whose account is (or, with -v in $3, is not) among those of the file $2.  A name that no
# program would make is left to whoever wrote it.
node_of_accounts() {
    sed 's/:.*//' "$2" > "$node_run/accounts"
    while IFS= read -r node_line || [ -n "$node_line" ]; do
        node_account=${node_line%%:*}
        node_there=""
        case $node_account in
            "" | -* | *[!A-Za-z0-9_.-]*) ;;
            *) grep -qxF -e "$node_account" "$node_run/accounts" || node_there=-v ;;
        esac
        [ "$node_there" != "$3" ] || printf '%s\n' "$node_line"
    done < "$1"
}

# Makes the file $2 (shadow) agree with the file $1 (passwd): what it lacks gets the line NAME:$3, locked, and what has
# no account goes.
node_agree() {
    node_first=$NEWROOT/etc/$1 node_second=$NEWROOT/etc/$2
    [ "$(sed 's/:.*//' "$node_first" | sort)" = "$(sed 's/:.*//' "$node_second" | sort)" ] && return
    # a file that could not be mended says nothing about accounts
    node_whole_file "$node_first" "$1" || return 0
    node_missing=$(node_of_accounts "$node_first" "$node_second" -v | sed 's/:.*//')
    node_extra=$(node_of_accounts "$node_second" "$node_first" -v | sed 's/:.*//')
    [ -n "$node_missing$node_extra" ] || return 0
    {
        node_of_accounts "$node_second" "$node_first" ""
        for node_account in $node_missing; do
            echo "$node_account:$3"
        done
    } | node_replace "$node_second" "$2" || {
        node_mended "/etc/$2 does not agree with /etc/$1 and cannot be replaced"
        return
    }
    # shellcheck disable=SC2086
    [ -z "$node_missing" ] || node_mended "/etc/$2 had no line for$(printf ' %s' $node_missing): locked"
    # shellcheck disable=SC2086
    [ -z "$node_extra" ] || node_mended "/etc/$2 had lines of no account, which went:$(printf ' %s' $node_extra)"
}

node_accounts() {
    for node_table in passwd group shadow gshadow; do
        node_mend_file "$node_table"
    done
    node_agree passwd shadow '!*:::::::'
    node_agree group gshadow '!::'
    if [ -s "$node_run/accounts-mended" ] && ! grep -q '^admin:[^!*:]' "$NEWROOT/etc/shadow"; then
        node_mended "admin has no password now: start the medium, choose its rescue shell and run lost-password"
    fi
}

if getarg node.slot= > /dev/null; then
    node_accounts
fi

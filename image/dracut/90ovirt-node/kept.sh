#!/bin/sh
# On an installed node: mounts the folders that `ovirt-tui persist` keeps, after the places that the image keeps.
# ovirt_tui/system/kept.py does the same on the running node; the name of a folder in the store is its path.
. /lib/ovirt-node-identity.sh

node_layers=index=off,metacopy=off,redirect_dir=off,xino=off
node_empty=$node_run/empty

# The path $1 as /proc/self/mountinfo writes it.
node_in_mountinfo() {
    printf '%s' "$1" | sed 's/ /\\040/g'
}

# True when something is mounted on the folder $1, or in it.
node_mounted_below() {
    while read -r _ _ _ _ node_point _; do
        case $node_point in
            "$1" | "$1"/*) return 0 ;;
        esac
    done < "${node_mounts:-/proc/self/mountinfo}"
    return 1
}

# Mounts what is kept of the folder $1, whose name in the store is $2; sets node_reason where it is not.
node_mount_kept() {
    node_target=$NEWROOT$1
    node_store=$NEWROOT/config/persisted/$2
    if node_mounted_below "$(node_in_mountinfo "$node_target")"; then
        node_reason="this image keeps it, or a folder in it, by itself; what was kept is in /config/persisted/$2/upper"
        return 1
    fi
    if [ "$(readlink -m "$node_target")" != "$node_target" ]; then
        node_reason="a part of its path is a link in this image"
        return 1
    fi
    node_lower=/run/rootfsbase$1
    if [ ! -d "$node_lower" ]; then
        mkdir -p "$node_empty"
        node_lower=$node_empty
    fi
    node_reason="its overlay cannot be mounted"
    mkdir -p "$node_target" 2> /dev/null && mount -t overlay \
        -o "lowerdir=$node_lower,upperdir=$node_store/upper,workdir=$node_store/work,$node_layers" \
        ovirt-node "$node_target"
}

node_keep() {
    node_persisted=$NEWROOT/config/persisted
    # the name of a folder in the root may begin with a dot
    for node_store in "$node_persisted"/* "$node_persisted"/.[!.]* "$node_persisted"/..?*; do
        node_name=${node_store##*/}
        case $node_name in
            # half written, or dropped: removed once the node is up (tmpfiles.d/ovirt-node.conf)
            "*" | ".[!.]*" | "..?*" | %new-* | %old-*) continue ;;
        esac
        node_folder=/$(printf '%s' "$node_name" | sed 's/%2F/\//g; s/%25/%/g')
        node_mount_kept "$node_folder" "$node_name" || {
            node_say "what was persisted in $node_folder is missing: $node_reason"
            echo "$node_folder: $node_reason" >> "$node_run/config-missing"
        }
    done
}

if getarg node.slot= > /dev/null; then
    node_keep
fi

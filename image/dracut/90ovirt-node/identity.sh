#!/bin/sh
# Finds this node's own devices, by UUIDs and by the disks it was installed on, never by labels or names.
# Functions for the hooks in this folder; data read from disks is compared, and never executed or expanded.

node_udev=${node_udev:-/run/udev/data}
node_sys=${node_sys:-/sys}
node_run=${node_run:-/run/ovirt-node}
node_dev=${node_dev:-/dev/ovirt-node}
# timeout for a disk of the node to appear, in seconds
node_patience=${node_patience:-30}
# seconds between two checks for a disk without identity, since a copy of it may still appear
node_pause=${node_pause:-5}

node_say() {
    echo "ovirt-node: $1" > /dev/kmsg
    for node_console in $(cat /sys/class/tty/console/active); do
        # a console stopped by Ctrl-S would block the boot
        timeout -s KILL 2 sh -c 'printf "ovirt-node: %s\r\n" "$1" > "/dev/$2"' say "$1" "$node_console"
    done 2> /dev/null
}

# Ends a boot that would have to guess.  No shell opens; the reason is repeated for whoever looks later.
node_stop() {
    while :; do
        node_say "stopped: $1"
        sleep 60
    done
}

node_seconds() {
    node_up=0
    read -r node_up _ < /proc/uptime
    echo "${node_up%.*}"
}

# True once $2 seconds have passed since the first call for $1.
node_late() {
    mkdir -p "$node_run"
    [ -s "$node_run/since-$1" ] || node_seconds > "$node_run/since-$1"
    read -r node_began < "$node_run/since-$1"
    [ "$(node_seconds)" -ge $((node_began + $2)) ]
}

# True once $2 was the only candidate for $1 in two checks, node_pause seconds apart.
node_steady() {
    mkdir -p "$node_run"
    if [ "$(cat "$node_run/only-$1" 2> /dev/null)" != "$2" ]; then
        printf '%s\n' "$2" > "$node_run/only-$1"
        rm -f "$node_run/since-only-$1"
    fi
    node_late "only-$1" "$node_pause"
}

# A udev property of the device MAJOR:MINOR.
node_property() {
    sed -n "s/^E:$2=//p" "$node_udev/b$1" 2> /dev/null | sed -n 1p
}

# MAJOR:MINOR of the disk, plain or a multipath map, of a partition; for a disk, its own.
node_disk() {
    if [ -e "$node_sys/dev/block/$1/partition" ]; then
        cat "$node_sys/dev/block/$1/../dev"
        return
    fi
    case $(cat "$node_sys/dev/block/$1/dm/uuid" 2> /dev/null) in
        part*-mpath-*) cat "$node_sys/dev/block/$1"/slaves/*/dev ;;
        *) echo "$1" ;;
    esac
}

# True for a disk that is one of the paths of a multipath map.
node_is_path() {
    cat "$node_sys/dev/block/$1"/holders/*/dm/uuid 2> /dev/null | grep -q '^mpath-'
}

# The devices (MAJOR:MINOR) with the udev property $1=$2, without the paths of multipath maps.
node_devices() {
    grep -lxF "E:$1=$2" "$node_udev"/b* 2> /dev/null | while read -r node_file; do
        node_device=${node_file##*/b}
        [ -e "$node_sys/dev/block/$node_device/dev" ] || continue
        node_is_path "$(node_disk "$node_device")" || echo "$node_device"
    done
}

# The identity of a disk, in the form of node.disk= (disks.recorded in the program builds the same).
node_identity() {
    node_known=$(cat "$node_sys/dev/block/$1/dm/uuid" 2> /dev/null)
    case $node_known in
        mpath-*) ;;
        *)
            node_known=$(node_property "$1" ID_WWN_WITH_EXTENSION)
            node_known=${node_known:-$(node_property "$1" ID_WWN)}
            node_known=${node_known:+wwn-$node_known}
            if [ -z "$node_known" ]; then
                node_known=$(node_property "$1" ID_SERIAL)
                node_known=${node_known:+serial-$node_known}
            fi
            ;;
    esac
    printf '%s\n' "${node_known:-none}" | LC_ALL=C tr -c 'A-Za-z0-9.:+_\n-' _
}

# A variable of the uevent file of a device.
node_told() {
    sed -n "s/^$2=//p" "$node_sys/dev/block/$1/uevent"
}

# The path under which LVM knows a device.
node_path() {
    if [ -e "$node_sys/dev/block/$1/dm/name" ]; then
        printf '/dev/mapper/%s\n' "$(cat "$node_sys/dev/block/$1/dm/name")"
    else
        printf '/dev/%s\n' "$(node_told "$1" DEVNAME)"
    fi
}

node_paths() {
    for node_each in "$@"; do
        node_path "$node_each"
    done | sort | tr '\n' ' '
}

node_count() {
    echo $#
}

# True for an identity; a disk with neither a WWN nor a serial number is recorded as "none".
node_tells() {
    [ -n "$1" ] && [ "$1" != none ]
}

# Chooses among the partitions with the UUID $1, for a disk recorded as $2, and sets node_chosen: the one on the
# recorded disk, at once; the only one, on another disk, when the recorded disk did not appear in time.  Where the
# record does not identify a disk, the only one, once it was the only one in two checks.
# Returns 1 while the choice is uncertain, and sets node_refused once it cannot be made.
node_choose() {
    node_chosen="" node_refused=""
    node_all=$(node_devices ID_PART_ENTRY_UUID "$1")
    node_fit=""
    for node_one in $node_all; do
        node_tells "$2" && [ "$(node_identity "$(node_disk "$node_one")")" = "$2" ] && node_fit="$node_fit $node_one"
    done
    # shellcheck disable=SC2086
    if [ "$(node_count $node_fit)" = 1 ]; then
        node_chosen=${node_fit# }
    elif ! node_late slot "$node_patience" && { node_tells "$2" || [ "$(node_count $node_all)" != 1 ]; }; then
        return 1
    elif [ "$(node_count $node_all)" = 1 ]; then
        node_steady slot "$node_all" && node_chosen=$node_all
    elif [ -n "$node_fit" ]; then
        node_refused="$(node_paths $node_fit)are copies of this node's slot on disks that cannot be told apart ($2)"
    elif [ -n "$node_all" ] && ! node_tells "$2"; then
        node_refused="$(node_paths $node_all)are copies of this node's slot on disks that cannot be told apart (none)"
    elif [ -n "$node_all" ]; then
        node_refused="$(node_paths $node_all)are copies of this node's slot, none on the disk it was installed on ($2)"
    fi
    [ -n "$node_chosen" ]
}

# The udev rule that links a device below /dev/ovirt-node.
node_rule() {
    if [ -e "$node_sys/dev/block/$1/dm/uuid" ]; then
        node_match="ENV{DM_UUID}==\"$(cat "$node_sys/dev/block/$1/dm/uuid")\""
    else
        node_match="ENV{MAJOR}==\"${1%:*}\", ENV{MINOR}==\"${1#*:}\", ENV{DISKSEQ}==\"$(node_told "$1" DISKSEQ)\""
    fi
    echo "SUBSYSTEM==\"block\", $node_match, SYMLINK+=\"ovirt-node/$2\""
}

# True when the symlink $1 below /dev/ovirt-node points to the device MAJOR:MINOR $2.
node_leads() {
    node_target=$(readlink "$node_dev/$1") \
        && [ "$(cat "$node_sys/class/block/${node_target##*/}/dev" 2> /dev/null)" = "$2" ]
}

# Gives a device a persistent symlink below /dev/ovirt-node.  udev may be processing the disk, and the partition be gone
# temporarily, so whoever needs the symlink checks that it exists.
node_link() {
    mkdir -p /run/udev/rules.d
    node_rule "$1" "$2" > "/run/udev/rules.d/61-ovirt-node-$2.rules"
    udevadm control --reload
    timeout 30 udevadm trigger --action=change --settle "$(cd "$node_sys/dev/block/$1" && pwd -P)"
}

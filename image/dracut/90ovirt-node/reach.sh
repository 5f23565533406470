#!/bin/sh
# On a node whose volumes are on an iSCSI disk: reaches that disk, before places.sh opens them.  The drivers of network
# adapters and the programs are those of the root, which is on the boot disk: an initrd with all of them would be half as
# large again.  How the disk is reached is in a file of the boot partition, which holds passwords.
. /lib/ovirt-node-identity.sh

node_own_disk=node/own-disk
# seconds until a node goes on without its disk: a site that has power again may have its network and its storage later
node_reach_patience=${node_reach_patience:-900}
node_reach_pause=${node_reach_pause:-10}

# The device of partition $2 on the disk of the partition MAJOR:MINOR $1.
node_beside() {
    case $(cat "$node_sys/dev/block/$1/dm/uuid" 2> /dev/null) in
        part*-mpath-*)
            node_wwid=$(cat "$node_sys/dev/block/$1/dm/uuid")
            for node_map in "$node_sys"/dev/block/*/dm/uuid; do
                [ "$(cat "$node_map")" = "part$2-${node_wwid#part*-}" ] || continue
                printf '/dev/mapper/%s\n' "$(cat "${node_map%uuid}name")"
                return
            done
            ;;
    esac
    for node_part in "$node_sys/dev/block/$(node_disk "$1")"/*/partition; do
        [ "$(cat "$node_part")" = "$2" ] || continue
        sed -n 's|^DEVNAME=|/dev/|p' "${node_part%partition}uevent"
        return
    done
}

# Copies the file to memory, for root alone.
node_read_own_disk() {
    node_esp=$(node_beside "$(cat "$node_run/slot")" 2)
    mkdir -p "$node_run/esp"
    mount -t vfat -o ro,nosuid,nodev,noexec,umask=0077 "$node_esp" "$node_run/esp" || return 1
    (umask 077 && cat "$node_run/esp/$node_own_disk" > "$node_run/own-disk")
    umount "$node_run/esp"
    [ -s "$node_run/own-disk" ]
}

# Once: the disk is there.
node_try() {
    timeout -s KILL 300 chroot "$NEWROOT" /usr/bin/python3 -P -m ovirt_tui.system.own_disk \
        < "$node_run/own-disk" > "$node_run/own-disk.log" 2>&1
}

node_reach() {
    if ! node_read_own_disk; then
        node_say "the boot partition does not say how the iSCSI disk of this node is reached"
        return 1
    fi
    for node_place in dev proc sys run; do
        mkdir -p "$NEWROOT/$node_place" && mount --bind "/$node_place" "$NEWROOT/$node_place"
    done
    # the kernel looks for firmware in its own root, which is still the initrd
    echo "$NEWROOT/usr/lib/firmware" > /sys/module/firmware_class/parameters/path
    node_reached=""
    until node_try && node_reached=yes; do
        node_say "the iSCSI disk of this node cannot be reached, trying again: $(sed -n '$p' "$node_run/own-disk.log")"
        node_late reach "$node_reach_patience" && break
        sleep "$node_reach_pause"
    done
    echo > /sys/module/firmware_class/parameters/path
    for node_place in run sys proc dev; do
        umount "$NEWROOT/$node_place"
    done
    rm -f "$node_run/own-disk"
    [ -n "$node_reached" ]
}

if getargbool 0 node.iscsi; then
    node_reach
fi

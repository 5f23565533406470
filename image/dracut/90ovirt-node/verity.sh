#!/bin/sh
# Puts dm-verity under the root when the kernel line names the root hash of the image: each block is checked when it is
# read from the disk.  Runs between dracut's mount of the image, which it replaces, and that of the overlay on it.
command -v getarg > /dev/null || . /lib/dracut-lib.sh

node_image=${node_image:-/run/initramfs/live/LiveOS/squashfs.img}
node_base=${node_base:-/run/rootfsbase}

# The table of the device: the tree follows the data, in blocks of 4096 bytes, without a salt (image/verity.py).
# $1 is the device under it, $2 the root hash, $3 the number of blocks of data; what follows says what a wrong block does.
node_verity_table() {
    printf '0 %s verity 1 %s %s 4096 4096 %s %s sha256 %s -' "$(($3 * 8))" "$1" "$1" "$3" "$3" "$2"
    shift 3
    [ $# = 0 ] || printf ' %s %s' "$#" "$*"
    echo
}

# A node restarts when a block is wrong: it may be on trial, and nothing may run on what somebody changed.  A medium, a
# rescue shell and the saving of a dump get an error for the file instead, since a restart would end in the same place.
node_verity_mode() {
    getarg node.slot= > /dev/null && ! getargbool 0 rescue && ! getargbool 0 node.dump && echo restart_on_corruption
}

# True for $1 of these characters only, between $3 and $4 of them: it becomes part of a table.
node_verity_is() {
    case $1 in
        *[!$2]*) return 1 ;;
    esac
    [ "${#1}" -ge "$3" ] && [ "${#1}" -le "$4" ]
}

node_verity() {
    node_verity_is "$1" 0-9a-f 64 64 && node_verity_is "$2" 0-9 1 9 || return 1
    modprobe -q sha256_ssse3
    modprobe -q dm_verity
    node_loop=$(losetup -f --show -r "$node_image") || return 1
    # shellcheck disable=SC2046
    node_verity_table "$node_loop" "$1" "$2" $(node_verity_mode) \
        | dmsetup create --readonly ovirt-node-image || return 1
    # the mount without checks, and the loop devices that are left over, go; the last user takes the new ones with it
    umount "$node_base" || return 1
    for node_old in $(losetup -n -O NAME -j "$node_image"); do
        losetup -d "$node_old"
    done
    mount -n -t squashfs -o ro /dev/mapper/ovirt-node-image "$node_base" || return 1
    dmsetup remove --deferred ovirt-node-image
}

if node_root=$(getarg node.verity=) && [ ! -e /dev/mapper/ovirt-node-image ]; then
    node_verity "$node_root" "$(getarg node.verity.blocks=)" \
        || die "ovirt-node: the image is damaged, or is not the one that the kernel line names (node.verity)"
fi

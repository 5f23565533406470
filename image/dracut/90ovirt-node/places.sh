#!/bin/sh
# On an installed node: mount Config, and over each lasting place an overlay whose changes live there.
# This runs before the root is entered, so the system never sees the image's own /etc.

node_say() {
    echo "ovirt-node: $1" > /dev/kmsg
    for node_console in $(cat /sys/class/tty/console/active); do
        # a console with Ctrl-S would hold up the boot
        timeout -s KILL 2 sh -c 'echo "ovirt-node: $1" > "/dev/$2"' say "$1" "$node_console"
    done 2> /dev/null
}

# By the name of the volume and not by its label, which a file system on any other disk may have too.
node_config=/dev/mapper/HostVG-Config

node_config_device() {
    # udev may still be at work on a volume that was activated a moment ago
    node_tries=0
    while [ "$node_tries" -lt 60 ]; do
        [ -b "$node_config" ] && return 0
        lvm vgchange -ay --sysinit HostVG > /dev/null 2>&1
        udevadm settle --timeout=10
        [ -b "$node_config" ] && return 0
        sleep 0.5
        node_tries=$((node_tries + 1))
    done
    return 1
}

node_mount_config() {
    if ! node_config_device; then
        node_reason="no volume Config of a volume group HostVG was found"
        return 1
    fi
    fsck.ext4 -p "$node_config" > /run/ovirt-node/fsck-config 2>&1
    if [ $? -ge 4 ]; then
        node_reason="the file system of Config is damaged"
        return 1
    fi
    mkdir -p "$NEWROOT/config"
    if ! mount -t ext4 -o noatime "$node_config" "$NEWROOT/config"; then
        node_reason="Config cannot be mounted"
        return 1
    fi
}

node_mount_place() {
    node_store="$NEWROOT/config/overlay/$(echo "${1#/}" | tr / -)"
    mkdir -p "$node_store/upper" "$node_store/work" "$NEWROOT$1" || return 1
    mount -t overlay -o "lowerdir=/run/rootfsbase$1,upperdir=$node_store/upper,workdir=$node_store/work" \
        ovirt-node "$NEWROOT$1"
}

if getarg node.slot= > /dev/null; then
    mkdir -p /run/ovirt-node
    if node_mount_config; then
        while read -r node_place; do
            node_mount_place "$node_place" || {
                node_say "changes in $node_place do not last: its overlay cannot be mounted"
                echo "$node_place" >> /run/ovirt-node/config-missing
            }
        done < /usr/share/ovirt-node/places
    else
        node_say "the configuration is missing: $node_reason; this boot goes on without it"
        echo "$node_reason" > /run/ovirt-node/config-missing
    fi
fi

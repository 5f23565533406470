#!/bin/sh
# On an installed node: activates the node's own volume group, mounts Config, and on each persistent folder an overlay
# whose changes are stored there.  Runs before the switch to the root, so the system never sees the image's own /etc.
# Then activates the node's second volume group, if it has one; the boot does not depend on that.
. /lib/ovirt-node-identity.sh

node_config=/dev/ovirt-node/Config
# An image below changes under the layer above it: only without these is what that means defined.
node_overlay=index=off,metacopy=off,redirect_dir=off,xino=off

# The group to look for: node_key names it, node_boot is the disk of the slot where the group may be on that, and
# node_disks are the recorded disks, the first of which is the boot disk and not looked at here.
node_host_group() {
    node_key=group
    node_boot=$(node_disk "$(cat "$node_run/slot")")
    node_disks=$(getargs node.disk=)
}

node_second_group() {
    node_key=app
    node_boot=none
    node_disks="- $(getargs node.appdisk=)"
}

# Runs LVM, confined to the devices in the list $1
node_lvm() {
    node_only=""
    for node_member in $1; do
        node_only="$node_only --devices $(node_path "$node_member")"
    done
    shift
    # shellcheck disable=SC2086
    lvm "$@" $node_only 2>> "$node_run/lvm.log"
}

# The devices among "$@" that belong to the node's volume group by their metadata; each is read separately, since of
# two copies LVM would report only one.
node_of_group() {
    for node_pv in "$@"; do
        case $(node_lvm "$node_pv" pvs --readonly --noheadings -o vg_uuid) in
            *"$node_group"*) echo "$node_pv" ;;
        esac
    done
}

# The physical volumes on this node's disks: the disk of the slot, and the recorded data disks.
node_on_own_disks() {
    for node_pv in $(node_devices ID_FS_TYPE LVM2_member); do
        node_home=$(node_disk "$node_pv")
        if [ "$node_home" = "$node_boot" ] || node_recorded "$(node_identity "$node_home")"; then
            echo "$node_pv"
        fi
    done
}

# True for the identity of a recorded data disk; the disk of the slot is known by now.
node_recorded() {
    node_tells "$1" || return 1
    # shellcheck disable=SC2086
    set -- "$1" $node_disks
    node_wanted=$1
    shift
    [ $# -gt 0 ] && shift
    for node_word in "$@"; do
        [ "$node_word" = "$node_wanted" ] && return 0
    done
    return 1
}

# True where the record does not identify every data disk.
node_unnamed() {
    # shellcheck disable=SC2086
    set -- $node_disks
    [ $# -gt 0 ] || return 0
    shift
    for node_word in "$@"; do
        node_tells "$node_word" || return 0
    done
    return 1
}

# The number of physical volumes of the group that the list $1 lacks; empty where it has none of them.
node_missing() {
    [ -n "$1" ] || return 0
    node_lvm "$1" vgs --readonly --noheadings -o vg_missing_pv_count --select "vg_uuid=$node_group" | tr -d ' '
}

# The devices, on any disk, with a physical volume of the group that the list $1 lacks.
node_strays() {
    if [ -z "$1" ]; then
        # shellcheck disable=SC2046
        node_of_group $(node_devices ID_FS_TYPE LVM2_member)
        return
    fi
    for node_pv in $(node_lvm "$1" pvs --readonly --noheadings -o pv_uuid --select "vg_uuid=$node_group && pv_missing=1"); do
        node_devices ID_FS_UUID "$node_pv"
    done
}

node_uuids() {
    for node_pv in "$@"; do
        node_property "$node_pv" ID_FS_UUID
    done
}

# True when no two of these devices are copies of one physical volume.
node_unique() {
    # shellcheck disable=SC2086
    [ -z "$(node_uuids $1 | sort | uniq -d)" ]
}

# True when these devices are the whole group, each physical volume of it once.
node_whole() {
    node_unique "$1" && [ "$(node_missing "$1")" = 0 ]
}

# Sets node_own to the devices of the node's volume group.  Those on its own disks are taken at once when the group is
# complete.  Those on other disks count after the timeout of the own ones, or at any time where the record does not
# identify the disks: once they were the only candidates in two checks, and only without duplicates.  Duplicates that
# cannot be told apart stop the boot, or leave the second group out.
node_find_group() {
    while :; do
        udevadm settle --timeout=10
        # shellcheck disable=SC2046
        node_own=$(node_of_group $(node_on_own_disks))
        node_whole "$node_own" && return 0
        if node_unique "$node_own" && { node_unnamed || node_late "$node_key" "$node_patience"; }; then
            # shellcheck disable=SC2046,SC2086
            node_every=$(echo $node_own $(node_strays "$node_own"))
            if node_whole "$node_every" && node_steady "$node_key" "$node_every"; then
                node_own=$node_every
                return 0
            fi
        fi
        node_late "$node_key" "$((node_patience + node_pause))" && break
        sleep 1
    done
    node_unique "$node_own" && node_own="$node_own $(node_strays "$node_own")"
    if ! node_unique "$node_own"; then
        # shellcheck disable=SC2086
        node_reason="$(node_paths $node_own)hold copies of this node's volumes and cannot be told apart; disconnect one"
        [ "$node_key" = app ] || node_stop "$node_reason"
        return 1
    fi
    [ -n "$(echo "$node_own" | tr -d ' \n')" ]
}

# From here on LVM sees the node's own disks only, in the initrd and in the system (etc/lvm/lvmlocal.conf links to it).
# By kernel names, which are not reused while the volumes on the device are in use.
node_confine() {
    {
        echo 'devices {'
        printf '\tglobal_filter = ['
        for node_pv in $node_own; do
            printf ' "a|^%s$|",' "$(node_path "$node_pv" | LC_ALL=C sed 's/[^A-Za-z0-9_/-]/./g')"
        done
        echo ' "r|.*|" ]'
        echo '}'
    } > "$node_run/lvmlocal.conf"
}

# Links the volumes with the names $1, a pattern of udev: one of the second group never gets the name of another.
node_activate() {
    node_number=$(echo "$node_group" | tr -d -)
    mkdir -p /run/udev/rules.d
    echo "SUBSYSTEM==\"block\", ENV{DM_UUID}==\"LVM-$node_number*\", ENV{DM_LV_NAME}==\"$1\", ENV{DM_LV_LAYER}==\"\"," \
        'SYMLINK+="ovirt-node/$env{DM_LV_NAME}"' > "/run/udev/rules.d/61-ovirt-node-volumes-$node_key.rules"
    udevadm control --reload
    node_lvm "$node_own" vgchange -ay --sysinit --select "vg_uuid=$node_group" > "$node_run/activation-$node_key"
    udevadm settle --timeout=30
    for node_once_more in 1 2 3; do
        [ -z "$(node_unlinked)" ] && break
        node_say "udev has not linked$(node_unlinked); asking it again"
        udevadm control --reload
        timeout 30 udevadm trigger --action=change --settle --subsystem-match=block --sysname-match="dm-*"
    done
}

# The volumes of the group without a symlink, each after a blank.
node_unlinked() {
    for node_volume in $(node_lvm "$node_own" lvs --noheadings -o lv_name --select "vg_uuid=$node_group"); do
        case $node_key-$node_volume in
            group-* | app-Swap2 | app-Data2) [ -e "$node_dev/$node_volume" ] || printf ' %s' "$node_volume" ;;
        esac
    done
}

node_open_config() {
    node_group=$(getarg node.vg=)
    case $node_group in
        "" | *[!A-Za-z0-9-]*)
            node_reason="the boot menu does not say which volume group is this node's"
            return 1
            ;;
    esac
    node_host_group
    if ! node_find_group; then
        node_reason="no disk holds the volume group $node_group of this node"
        return 1
    fi
    node_activate '?*'
    if [ ! -b "$node_config" ]; then
        node_reason="the volume Config of the volume group $node_group cannot be activated"
        return 1
    fi
}

# Mends the file system on $1 as far as that is safe, and replays its journal.  Its superblock has two sectors and is
# written beside the journal: a power cut that tears it leaves its copies, at block 8193 or 32768.
node_mend() {
    fsck.ext4 -p "$1"
    node_status=$?
    for node_copy in 8193 32768; do
        [ "$node_status" -eq 8 ] || break
        fsck.ext4 -p -b "$node_copy" "$1"
        node_status=$?
    done
    [ "$node_status" -lt 4 ]
}

node_mount_config() {
    node_open_config || return 1
    if ! node_mend "$node_config" > "$node_run/fsck-config" 2>&1; then
        node_reason="the file system of Config is damaged"
        return 1
    fi
    mkdir -p "$NEWROOT/config"
    if ! mount -t ext4 -o noatime "$node_config" "$NEWROOT/config"; then
        node_reason="Config cannot be mounted"
        return 1
    fi
}

# An overlay shows mode and owner of its upper folder: it is created with those of the image (ovirt_tui's target.py
# does the same).
node_upper() {
    [ -d "$2/upper" ] && return
    rm -rf "$2/upper.new"
    mkdir "$2/upper.new" && chmod --reference="$1" "$2/upper.new" && chown --reference="$1" "$2/upper.new" \
        && mv "$2/upper.new" "$2/upper"
}

# Where the changes of the place $1 are; with $2 = slot each slot has its own (persistent.py has the same rule).
node_stored() {
    node_name=$(echo "${1#/}" | tr / -)
    if [ "$2" = slot ]; then
        echo "$NEWROOT/config/slots/$(getarg node.slot=)/$node_name"
    else
        echo "$NEWROOT/config/overlay/$node_name"
    fi
}

node_mount_place() {
    node_lower=/run/rootfsbase$1
    node_store=$(node_stored "$1" "$2")
    mkdir -p "$node_store/work" "$NEWROOT$1" && node_upper "$node_lower" "$node_store" || return 1
    mount -t overlay -o "lowerdir=$node_lower,upperdir=$node_store/upper,workdir=$node_store/work,$node_overlay" \
        ovirt-node "$NEWROOT$1"
}

# Keeps the settings of a slot from beginning anew in silence: they are made by whoever writes an image to the slot.
node_has_settings() {
    if [ ! -d "$(node_stored /etc slot)/upper" ]; then
        node_say "there are no settings of this slot; it starts with those of its image"
        echo "there are no settings of this slot" >> "$node_run/config-missing"
    fi
}

# The second volume group, by the same rules, but nothing waits for it longer than for the first, and nothing stops for
# it.  Its time began with that of the first.  A crashed node saves its memory without it.
node_open_second() {
    node_group=$(getarg node.app=)
    case $node_group in
        "" | *[!A-Za-z0-9-]*) return ;;
    esac
    getargbool 0 node.dump && return
    node_first=$node_own
    node_own=""
    node_second_group
    node_reason="no disk holds the volume group $node_group"
    if node_find_group; then
        node_activate 'Swap2|Data2'
    else
        node_own=""
        node_say "the second volume group, AppVG, is missing: $node_reason; this boot goes on without it"
        echo "$node_reason" > "$node_run/second-missing"
    fi
    node_own="$node_first $node_own"
}

node_places() {
    node_own=""
    mkdir -p "$node_run"
    node_late app 0
    if node_mount_config; then
        node_has_settings
        while read -r node_place node_of; do
            node_mount_place "$node_place" "$node_of" || {
                node_say "changes in $node_place do not last: its overlay cannot be mounted"
                echo "$node_place" >> "$node_run/config-missing"
            }
        done < /usr/share/ovirt-node/places
    else
        node_say "the configuration is missing: $node_reason; this boot goes on without it"
        echo "$node_reason" > "$node_run/config-missing"
    fi
    node_open_second
    node_confine
}

if getarg node.slot= > /dev/null; then
    node_places
fi

#!/bin/sh
# On an installed node: finds the slot that GRUB booted among the disks; runs repeatedly until it is certain.
. /lib/ovirt-node-identity.sh

node_slot() {
    node_uuid=$(getarg root=)
    node_uuid=${node_uuid#live:PARTUUID=}
    node_first=none
    for node_first in $(getargs node.disk=); do
        break
    done
    mkdir -p "$node_run"
    if node_choose "$node_uuid" "$node_first"; then
        node_found=$(node_identity "$(node_disk "$node_chosen")")
        if [ ! -s "$node_run/slot" ]; then
            [ "$node_found" = "$node_first" ] \
                || node_say "this node starts from $node_found, not from $node_first as before"
        elif [ ! -e "$node_run/again" ]; then
            node_say "udev has not linked this node's slot; asking it again"
            : > "$node_run/again"
        fi
        echo "$node_chosen" > "$node_run/slot"
        node_link "$node_chosen" slot
    elif [ -n "$node_refused" ]; then
        node_stop "$node_refused; disconnect all but one of them"
    elif [ -z "$node_all" ] && node_late slot "$node_patience" && [ ! -e "$node_run/waiting" ]; then
        node_say "no disk holds the slot $node_uuid of this node; waiting for it"
        : > "$node_run/waiting"
    fi
}

if getarg node.slot= > /dev/null && ! node_leads slot "$(cat "$node_run/slot" 2> /dev/null)"; then
    node_slot
fi

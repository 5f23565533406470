#!/bin/sh
# dracut activates no volume group: the medium touches none, and an installed node only its own, in places.sh.
# Told to activate it by a word of its own, dracut would not boot at all without it.

mkdir -p /etc/cmdline.d
echo "rd.lvm=0" > /etc/cmdline.d/20-ovirt-node.conf
unset CMDLINE

# A partition's UUID is no identity where a copy of the disk is connected too: slot.sh chooses, dracut mounts its choice.
if getarg node.slot= > /dev/null; then
    # shellcheck disable=SC2034
    root=live:/dev/ovirt-node/slot
fi

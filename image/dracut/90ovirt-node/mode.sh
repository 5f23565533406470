#!/bin/sh
# dracut activates no volume group: the medium activates none, and an installed node only its own, in places.sh.
# If a word of dracut named the group to activate, a boot without the group would fail altogether.

mkdir -p /etc/cmdline.d
echo "rd.lvm=0" > /etc/cmdline.d/20-ovirt-node.conf
unset CMDLINE

# The UUID of a partition is ambiguous if a copy of the disk is connected: slot.sh chooses, dracut mounts its choice.
if getarg node.slot= > /dev/null; then
    # shellcheck disable=SC2034
    root=live:/dev/ovirt-node/slot
fi

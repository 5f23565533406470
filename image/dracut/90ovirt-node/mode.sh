#!/bin/sh
# The medium touches no volume group; an installed node only its own.

mkdir -p /etc/cmdline.d
if getarg node.slot= > /dev/null; then
    echo "rd.lvm.vg=HostVG" > /etc/cmdline.d/20-ovirt-node.conf
else
    echo "rd.lvm=0" > /etc/cmdline.d/20-ovirt-node.conf
fi
unset CMDLINE

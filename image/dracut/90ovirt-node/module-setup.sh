#!/bin/bash
# The node's part of the initrd: the medium tree of a PXE initrd, finding the node's own disks, persistent folders.

check() {
    return 255
}

depends() {
    echo dmsquash-live lvm multipath
}

installkernel() {
    instmods overlay ext4 vfat nls_cp437 nls_iso8859-1 nls_utf8 nls_ascii
}

install() {
    inst_multiple cat mkdir mount umount mountpoint blkid fsck fsck.ext4 e2fsck lvm tr timeout
    inst_multiple chmod chown cp grep mv readlink rm sed sleep sort sync tail uniq udevadm wc
    inst_simple /usr/share/ovirt-node/places
    inst_simple /etc/multipath/bindings
    inst_simple "$moddir/watch.sh" /lib/ovirt-node-watch.sh
    inst_hook cmdline 00 "$moddir/dump.sh"
    inst_hook cmdline 00 "$moddir/trial.sh"
    inst_hook cmdline 01 "$moddir/medium.sh"
    # after dracut has read root=, and before its modules for live images and LVM use it
    inst_hook cmdline 20 "$moddir/mode.sh"
    inst_hook cmdline 03 "$moddir/multipath.sh"
    inst_simple "$moddir/identity.sh" /lib/ovirt-node-identity.sh
    inst_hook initqueue/settled 10 "$moddir/slot.sh"
    # dracut's multipath module has only the names that other distributions give these
    inst_rules 56-dm-mpath.rules 56-dm-parts.rules 60-kpartx.rules 60-multipath.rules 68-del-part-nodes.rules
    inst_multiple dmsetup losetup modprobe
    # before the overlay of dracut's module, which is 01
    inst_hook mount 00 "$moddir/verity.sh"
    inst_multiple chroot
    # an interface has its name of the running system from the start
    inst_rules 75-net-description.rules 80-net-setup-link.rules
    inst_simple /usr/lib/systemd/network/73-usb-net-by-mac.link
    inst_simple /usr/lib/systemd/network/99-default.link
    inst_hook pre-pivot 05 "$moddir/reach.sh"
    inst_hook pre-pivot 10 "$moddir/places.sh"
    inst_hook pre-pivot 11 "$moddir/kept.sh"
    inst_hook pre-pivot 12 "$moddir/accounts.sh"
}

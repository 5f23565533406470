#!/bin/sh
# A PXE initrd carries the medium tree in /medium: make it appear where every boot finds its medium.
# The image comes in pieces, each freed as soon as it is appended, so that memory holds it once and not twice.

if [ -d /medium ]; then
    live=/run/initramfs/live
    mkdir -p "$live/LiveOS"
    for piece in /medium/squashfs.img.*; do
        cat "$piece" >> "$live/LiveOS/squashfs.img" || die "ovirt-node: not enough memory for the image in the initrd"
        rm -f "$piece"
    done
    for file in /medium/*; do
        cat "$file" > "$live/${file##*/}" || die "ovirt-node: not enough memory for the image in the initrd"
        rm -f "$file"
    done
    rmdir /medium
fi

# The processors have read their microcode, which the kernel leaves here.
rm -rf /kernel

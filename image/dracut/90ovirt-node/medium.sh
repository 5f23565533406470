#!/bin/sh
# A PXE initrd contains the medium tree in /medium: move it to where every boot finds its medium.
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

# The microcode is loaded already; the kernel leaves its files here.
rm -rf /kernel

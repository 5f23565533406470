"""How the image of a node is made: root tree, initrd, squashfs, ISO and PXE files."""

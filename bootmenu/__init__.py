"""What the boot menus offer, of the medium and of an installed disk."""

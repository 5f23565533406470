"""The boot menus of the medium and of the installed disk: entries once, rendered for GRUB."""

# The database of hardware names, with those of PCI devices only: disks name themselves, and the rest is never shown.
cd /usr/lib/udev/hwdb.d
for file in *.hwdb; do
    case $file in
        20-pci-* | 60-autosuspend* | 60-evdev* | 60-keyboard* | 60-seat*) ;;
        *) rm -f "$file" ;;
    esac
done
systemd-hwdb --usr update

# A virtio disk, a volume and a loop device have no identifier of SCSI.  The rule that warns of that started a program
# for each of their events, and filled the journal: it is for SCSI disks only.
rules=/usr/lib/udev/rules.d/55-scsi-sg3_id.rules
sed -i 's/^ENV{ID_SERIAL}!="?\*", ENV{DEVTYPE}=="disk", \\$/KERNEL=="sd*|sr*", &/' "$rules"
grep -qF 'KERNEL=="sd*|sr*", ENV{ID_SERIAL}!="?*", ENV{DEVTYPE}=="disk"' "$rules"

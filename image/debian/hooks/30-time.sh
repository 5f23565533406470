# Time servers are named in a file of their own, Debian's pool too: those that an admin names are then the only ones.
sed -i '/^pool /d' /etc/chrony/chrony.conf

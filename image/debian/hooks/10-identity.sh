# Accounts of the node: root has no password, admin gets one from the installation.
passwd --lock root
useradd --create-home --uid 1000 --groups sudo,libvirt --shell /usr/libexec/ovirt-node/console \
    --comment "oVirt Node administrator" admin
passwd --lock admin
mkdir -p /config /data /data2 /etc/NetworkManager/system-connections /var/lib/iscsi

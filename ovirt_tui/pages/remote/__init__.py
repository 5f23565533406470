"""Storage on other machines: who the node is to iSCSI targets and NFS servers, and the paths to their disks."""

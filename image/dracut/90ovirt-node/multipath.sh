#!/bin/sh
# Tells multipath the WWIDs of the node's own multipath disks before the first path appears, so that the node never
# boots from a single path and LVM never sees the same disk twice.

mkdir -p /etc/multipath
for node_wwid in $(getargs node.multipath=); do
    echo "/$node_wwid/" >> /etc/multipath/wwids
done

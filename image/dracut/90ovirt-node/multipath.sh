#!/bin/sh
# The node's own disks that have several paths: told to multipath before the first path is seen, so that the node never
# starts from one of them and LVM never meets the same disk twice.

mkdir -p /etc/multipath
for node_wwid in $(getargs node.multipath=); do
    echo "/$node_wwid/" >> /etc/multipath/wwids
done

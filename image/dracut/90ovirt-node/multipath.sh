#!/bin/sh
# The node's own disks that have several paths: told to multipath before the first path is seen, so that the node never
# starts from one of them and LVM never meets the same disk twice.

mkdir -p /etc/multipath
for node_wwid in $(getargs node.multipath=); do
    echo "/$node_wwid/" >> /etc/multipath/wwids
done

# dracut has multipathd never write its file of names, and one that has none to read ends at once.
echo "# Maps of this node have no names but their WWIDs." > /etc/multipath/bindings

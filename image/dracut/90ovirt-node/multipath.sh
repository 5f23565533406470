#!/bin/sh
# The node's own disks that have several paths: told to multipath before the first path is seen, so that the node never
# starts from one of them and LVM never meets the same disk twice.

mkdir -p /etc/multipath
for node_wwid in $(getargs node.multipath=); do
    echo "/$node_wwid/" >> /etc/multipath/wwids
done

# dracut starts multipathd with a file of names that it must not write, and without one it ends at once; no name is used.
cat > /etc/multipath/bindings << 'EOF'
# Multipath bindings, Version : 1.0
# NOTE: this file is automatically maintained by the multipath program.
# You should not need to edit this file in normal circumstances.
#
# Format:
# alias wwid
#
EOF

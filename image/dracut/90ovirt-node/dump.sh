#!/bin/sh
# On a node whose kernel crashed: the machine starts again, however this boot goes.  The first watch ends when the dump
# begins (libexec/dump), the second with the machine.
. /lib/ovirt-node-watch.sh

if getargbool 0 node.dump; then
    mkdir -p /run/ovirt-node
    node_watch 900
    echo "$node_watch" > /run/ovirt-node/watch
    node_watch 10800
fi

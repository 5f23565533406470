#!/bin/sh
# On a node whose kernel crashed: the machine starts again, however this boot goes.  The first watch ends when the dump
# begins (libexec/dump), the second with the machine.  Each holds its file open: after the switch to the root, they see
# no /proc.

node_watch() {
    (
        sleep "$1"
        echo "ovirt-node: no end after $1 seconds: starting again" >&8
        echo b >&9
    ) 8> /dev/kmsg 9> /proc/sysrq-trigger < /dev/null > /dev/null 2>&1 &
}

if getargbool 0 node.dump; then
    mkdir -p /run/ovirt-node
    node_watch 900
    echo $! > /run/ovirt-node/watch
    node_watch 10800
fi

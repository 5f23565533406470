#!/bin/sh
# A new image that has not proven itself: the machine starts again after so many seconds, however this boot goes, unless
# `ovirt-tui trial` calls that off.  A kernel that crashed and saves its memory has watches of its own (dump.sh).
. /lib/ovirt-node-watch.sh

node_limit=$(getarg node.trial=)
case $node_limit in
    "" | *[!0-9]*) ;;
    *)
        if ! getargbool 0 node.dump; then
            mkdir -p /run/ovirt-node
            node_watch "$node_limit"
            echo "$node_watch" > /run/ovirt-node/trial-watch
        fi
        ;;
esac

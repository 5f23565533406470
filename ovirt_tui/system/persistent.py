"""The folders whose changes are stored on Config and so survive a reboot."""

from __future__ import annotations

PLACES = (
    "/etc",  # settings of everything
    "/root",  # what an admin keeps in a rescue shell
    "/home",  # authorized keys of admin
    "/var/lib/NetworkManager",  # leases and the secret key behind stable addresses
    "/var/lib/libvirt",  # what libvirt knows of virtual machines; what they write is on Data (libexec/guests)
    "/var/lib/iscsi",  # targets this node logs in to
    "/var/lib/chrony",  # drift of the clock
    "/var/lib/nfs",  # NFS client state
    "/var/lib/systemd",  # random seed, clock, timers, linger
    "/var/lib/collectd",  # written values
    "/var/lib/rsyslog",  # queue positions of remote logging
    "/var/lib/logrotate",  # when each log was rotated
    "/var/lib/ovirt-node",  # the node's own state
)

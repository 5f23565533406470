"""The folders whose changes are stored on Config and so survive a reboot."""

from __future__ import annotations

from pathlib import PurePosixPath

PLACES = (
    "/etc",  # settings of everything
    "/etc/libvirt/qemu",  # guests, their networks, and which of them start with the node
    "/etc/libvirt/storage",  # storage pools
    "/etc/libvirt/secrets",  # keys of guests' disks
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
"""Those below another come after it: they are mounted in this order."""

OF_SLOT = ("/etc",)
"""Of these each slot has its own, so that an image finds its settings as it left them; the others all images share."""


WITHIN = tuple(place for place in PLACES if place not in OF_SLOT and any(place.startswith(f"{of}/") for of in OF_SLOT))
"""What all images share though it lies in what each slot has for itself."""


def store(place: str, slot: str) -> PurePosixPath:
    """Where the changes in *place* are, relative to the root of Config: the parent of upper and work.

    The initrd (places.sh) has the same rule.
    """
    return PurePosixPath("slots", slot, _name(place)) if place in OF_SLOT else earlier(place)


def earlier(place: str) -> PurePosixPath:
    """Where the changes in *place* are of an image before each slot had its own; that had WITHIN among these."""
    return PurePosixPath("overlay", _name(place))


def _name(place: str) -> str:
    return place.strip("/").replace("/", "-")


def listing() -> str:
    """The list of PLACES that the initrd reads: a place a line, with the word slot where each slot has its own."""
    return "".join(f"{place}{' slot' if place in OF_SLOT else ''}\n" for place in PLACES)

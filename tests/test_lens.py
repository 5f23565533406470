"""model -> line -> model is the identity, for whatever the types allow and a line can say."""

from __future__ import annotations

from hypothesis import given, settings

from machines import PLAIN
from models import configs
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.lens import words
from ovirt_tui.autoinstall.understand import put
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import defaults
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.values import Size
from ovirt_tui.pages.kdump.settings import Kdump, Target
from ovirt_tui.pages.network.settings import IPv4Method, IPv6Method, Network
from ovirt_tui.pages.remote.settings import Remote
from ovirt_tui.pages.security import Users
from ovirt_tui.pages.storage.checks import VOLUMES
from ovirt_tui.pages.storage.sizing import SMALLEST

APART = (
    "users.expired",  # said with passwords, which are not written
    "boot.words",  # what may be kept is in test_words.py
)
MAY_BE = (-1, 0)
"""Sizes of Data that are no sizes: the rest, and none."""


def sayable(config: NodeConfig) -> NodeConfig:
    """*config* without what no line can say, since rules refuse it.

    That is a volume below the least size, a static method without an address or with a network of all there are, and
    disks for data without one to start from, a second group without a volume or on disks of the first, a dump to a
    server without that, volumes at a target without that or without a disk there; each key and each DNS server is
    there once.
    """
    config = config.effective()
    for name in VOLUMES:
        size = config.get(f"storage.{name}")
        if size is not None and size < SMALLEST and not (name == "data" and size in MAY_BE):
            config = config.put(f"storage.{name}", None)
    for version, otherwise in (("ipv4", IPv4Method.DHCP), ("ipv6", IPv6Method.OFF)):
        address = config.get(f"network.{version}_address")
        if config.get(f"network.{version}").value == "static" and not (address and address.network.prefixlen):
            config = config.put(f"network.{version}", otherwise).effective()
    keys = {key.encoded: key for key in reversed(config[Users].ssh_keys)}
    config = config.put("users.ssh_keys", tuple(reversed(keys.values())))
    config = config.put("network.dns", tuple(dict.fromkeys(config[Network].dns)))
    server = {Target.SSH: config[Kdump].ssh, Target.NFS: config[Kdump].nfs}
    if server.get(config[Kdump].target, True) is None:
        config = config.put("kdump.target", Target.LOCAL).effective()
    if config.get("storage.boot_disk") is None:
        config = config.put("storage.data_disks", ()).put("storage.app_disks", ())
    disk = config[Remote].disk
    if not (disk and disk.name and (config.get("storage.data_disks") or not config.get("storage.boot_disk"))):
        config = config.put("remote.on_iscsi", False).effective()
    return with_a_second_group(config).effective()


def with_a_second_group(config: NodeConfig) -> NodeConfig:
    """*config* with one that a line can say, or none."""
    others = {config.get("storage.boot_disk"), *config.get("storage.data_disks")}
    swap2, data2 = config.get("storage.swap2"), config.get("storage.data2")
    if others & set(config.get("storage.app_disks")):
        config = config.put("storage.app_disks", ())
    if 0 < swap2 < SMALLEST or swap2 < 0:
        config = config.put("storage.swap2", Size(0))
    if (data2 not in MAY_BE and data2 < SMALLEST) or not (config.get("storage.swap2") or data2):
        config = config.put("storage.data2", Size(-1))
    return config


@settings(max_examples=400)
@given(configs((*APART, *(each.path for each in defaults().settings() if each.secret))))
def test_what_a_line_says_is_what_was_meant(drawn: NodeConfig) -> None:
    config = sayable(drawn)
    line = " ".join(words(config))
    reading = read(line, whole=False)
    draft = Draft(PLAIN)
    put(draft, reading)
    assert [str(complaint) for complaint in reading.complaints] == []
    assert draft.config == config, line
    assert " ".join(words(draft.config)) == line
    assert (draft.config[Network].nic is None) == ("BOOTIF=" not in line)

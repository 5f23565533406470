"""A disk answers the installer: only what may be taken from a disk is, and what is not is said."""

from __future__ import annotations

import pytest

from machines import MACHINES, disk, with_
from ovirt_tui.autoinstall.interrupted import MOST, put_found
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.facts import Facts, Node, NodeState
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.values import show
from ovirt_tui.pages.boot import Boot
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.security import Users
from ovirt_tui.pages.storage.settings import Storage
from person import at_installer

OWN = "storage_init=/dev/disk/by-id/virtio-a0001"
ALLOWED = {
    "storage_vol=4096,Swap": "storage.swap",
    "mem_overcommit=0.7": "storage.overcommit",
    "hostname=a.example.com": "network.hostname",
    "BOOTIF=eth1": "network.nic",
    "vlan=7": "network.vlan",
    "network_layout=bridged": "network.layout",
    "ip=192.0.2.7::192.0.2.1:24": "network.ipv4_address",
    "ipv6=auto": "network.ipv6",
    "dns=192.0.2.53": "network.dns",
    "ntp=192.0.2.123": "network.ntp",
    "storage_found=keep-data": "storage.found",
}
NEVER = """
adminpw=$6$salt$hash rootpw=$6$salt$hash ssh_pwauth=yes root_locked=no password_expired=no keyboard=de
storage_found=wipe storage_init=/dev/vdb storage_init=/dev/vda,/dev/vdb
storage_override=/dev/vdb wipe_fakeraid reinstall uninstall rescue
console=ttyS7 crashkernel=1G init=/bin/sh systemd.debug-shell mitigations=off node.carry=x x=1 apikey=topsecret
reboot_delay=86400 standalone=no snmp_password=topsecret iscsi_name=iqn.2001-04.com.example:a local_boot_trigger=http://x/
"""
TWO = with_(disks=(disk("/dev/vda", 20), disk("/dev/vdb", 20)))


def found(*lines: str, facts: Facts = TWO) -> tuple[NodeConfig, tuple[str, ...]]:
    draft = Draft(facts)
    left = put_found(draft, "/dev/vda", lines)
    return draft.config, left.words


@pytest.mark.parametrize(("line", "path"), ALLOWED.items())
def test_sizes_names_and_network_are_taken(line: str, path: str) -> None:
    config, left = found(line)
    assert show(config.get(path)) not in ("", defaults().setting(path).default)
    assert left == ()


@pytest.mark.parametrize("line", NEVER.split())
def test_nothing_else_is(line: str) -> None:
    config, left = found(line)
    assert config == Draft(TWO).config
    (said,) = left
    assert line.startswith(said.partition("=")[0])
    assert "hash" not in said and "topsecret" not in said


def test_the_disk_itself_and_what_the_line_says_too_are_not_worth_a_word() -> None:
    draft = Draft(TWO)
    draft.put("boot.words", "console=tty0 console=ttyS0,115200n8")
    assert put_found(draft, "/dev/vda", (OWN, "console=ttyS0,115200n8", "console=tty0")).words == ()
    assert put_found(draft, "/dev/vda", ("storage_init=/dev/vda",)).words == ()
    assert put_found(draft, "/dev/vda", (f"{OWN},/dev/vdb",)).words == (f"{OWN},/dev/vdb",)


def test_any_number_of_any_words_is_said_in_a_few_clean_lines() -> None:
    lines = (*(f"x{number}=\x1b[2J{'y' * 999}" for number in range(500)), '"', 'a"b', "hostname=\x1b", "\x9b" * 99)
    config, left = found(*lines)
    assert config == Draft(TWO).config
    assert len(left) == MOST + 1
    assert all(word.isprintable() and len(word) <= 60 for word in left)


def test_whoever_resumes_is_told_and_asked() -> None:
    hostile = ("hostname=node7", f"{OWN},/dev/vdb", "adminpw=$6$salt$hash", "ssh_pwauth=yes", "crashkernel=1G")
    facts = with_(disks=TWO.disks, nodes=(Node(disk="/dev/vda", state=NodeState.INSTALLING, answers=hostile),))
    person, installer = at_installer(facts)
    person.press("enter")
    for text in ("Not taken from the disk", "adminpw", "ssh_pwauth", "crashkernel=1G", f"{OWN},/dev/vdb"):
        assert text in person.screen()
    assert "$6$" not in person.screen()
    person.press("enter")
    config = installer.draft.config
    assert installer.page.title == "Boot disk"
    assert (str(config[Storage].boot_disk), config[Storage].data_disks) == ("/dev/disk/by-id/virtio-a0001", ())
    assert (str(config[Network].hostname), config[Users], str(config[Boot].words)) == ("node7", defaults()[Users], "")


def test_why_answers_are_not_read_is_said_on_the_first_page() -> None:
    node = Node(disk="/dev/vda", state=NodeState.INSTALLING, unread="install.conf has more than 200 lines")
    person, _installer = at_installer(with_(nodes=(node,)))
    assert "its answers are not read: install.conf has more" in " ".join(person.screen().split())
    assert "Resume" not in person.screen()


def test_a_group_of_the_same_name_on_another_disk_is_not_taken_for_ours() -> None:
    facts = MACHINES["interrupted"]
    other = facts.groups[0].__class__(name="HostVG", uuid="other", disks=("/dev/vdb",))
    person, installer = at_installer(with_(disks=facts.disks, groups=(*facts.groups, other), nodes=facts.nodes))
    person.press("enter")
    assert [str(name) for name in installer.draft.config[Storage].data_disks] == ["/dev/disk/by-id/virtio-a0001"]

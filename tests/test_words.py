"""The kernel's rules of words and quotes, and what is carried, dropped or refused."""

from __future__ import annotations

import pytest

from bootmenu.entries import LIVE_WORDS, PXE_WORDS, Entry, leaves, slot_words
from ovirt_tui.autoinstall.cmdline import read, read_answers
from ovirt_tui.autoinstall.foreign import installed
from ovirt_tui.autoinstall.words import LONGEST, split


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  a \t b\n", ["a", "b"]),
        ("title=\"foo bar\" x='a b'", ["title=foo bar", "x='a", "b'"]),
        ('"hostname=a b" c', ["hostname=a b", "c"]),
        ('x=a"b c"d', ['x=a"b c"d']),
        ("a=b=c", ["a=b=c"]),
        ("a= b", ["a=", "b"]),
        ("a -- b", ["a"]),
        ("a --b", ["a", "--b"]),
        (r"a=\"", []),
    ],
)
def test_split(line: str, words: list[str]) -> None:
    if line.count('"') % 2:
        with pytest.raises(ValueError, match="unbalanced double quote"):
            split(line)
    else:
        assert [word.text for word in split(line)] == words


def test_no_value_is_not_an_empty_value() -> None:
    assert [word.value for word in split("a a= a=1")] == [None, "", "1"]


def test_a_line_as_long_as_the_kernel_keeps_may_be_cut() -> None:
    fits = "quiet".ljust(LONGEST - 2) + "x"
    assert read(fits).complaints == []
    assert [str(each).partition(":")[0] for each in read(fits + "y").complaints] == ["cmdline"]
    assert "truncated" in str(read(fits + "y").complaints[0])
    assert read(fits + "\n").complaints == []
    assert read_answers("quiet\n" * LONGEST).complaints == []


def test_an_answer_file_has_comments_and_says_its_line() -> None:
    reading = read_answers('# hostname=no\n\n  hostname=yes\n\t# comment\nkeyboard="de\n')
    assert reading.keys == {"net.hostname": "yes"}
    assert [str(each) for each in reading.complaints] == ["cmdline: line 5: unbalanced double quote"]


KERNEL_WORDS = """
quiet debug selinux=0 rootwait rootdelay=3 consoleblank=0 console_msg_format=syslog isolcpus=1 vga=791 ipv6.disable=1
net.ifnames=0 rd.luks=0 audit=1 nfsroot=x systemd.hostname=a mitigations=off iommu=pt nomodeset mem=4G memmap=1
default_hugepagesz=1G quiet_x=1 ifname=net0:52:54:00:12:34:56
"""
LIVE = (
    "BOOT_IMAGE=/vmlinuz initrd=/initrd.img rd.overlay=1 rd.live.check node.slot=Root ro rw single S 1 "
    "SYSUUID=x SYSVENDOR=QEMU BIOSVERSION=1 rd.neednet=1 rd.bootif=0 bootdev=eth0 rd.break=cmdline netroot=dhcp "
    "systemd.unit=rescue.target systemd.debug_shell=ttyS1"
)


def test_words_of_one_boot_are_never_carried() -> None:
    for words in (LIVE_WORDS, PXE_WORDS, slot_words("Root"), (LIVE,)):
        reading = read(" ".join(words))
        assert (reading.keys, reading.complaints) == ({}, [])


@pytest.mark.parametrize("entry", leaves(), ids=lambda entry: entry.key)
def test_every_entry_of_the_boot_menu_is_understood(entry: Entry) -> None:
    assert read(" ".join((*LIVE_WORDS, *entry.words))).complaints == []


@pytest.mark.parametrize("word", KERNEL_WORDS.split())
def test_words_of_others_are_carried(word: str) -> None:
    reading = read(word)
    assert (reading.keys.get("carry"), reading.complaints) == ([word], [])


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("bootif=eth0", "BOOTIF"),
        ("BOOTIFF=eth0", "BOOTIF"),
        ("adminpwd=x", "adminpw"),
        ("hostnme=x", "hostname"),
        ("storage-int=/dev/sda", "storage_init"),
        ("reinstal", "reinstall"),
        ("uninstalled", "uninstall"),
        ("tuned_profile=x", "tuned"),
        ("network-layuot=bridged", "network_layout"),
        ("ssh_pwath=1", "ssh_pwauth"),
    ],
)
def test_a_slip_of_the_hand_is_an_error(word: str, meant: str) -> None:
    (complaint,) = read(word).complaints
    assert complaint.reason == f"unknown parameter, did you mean {meant}"
    assert "carry" not in read(word).keys


def test_a_hash_is_never_carried() -> None:
    reading = read("token=$6$salt$hash rhevm_admin_password=$6$salt$hash")
    assert "carry" not in reading.keys
    assert [each.parameter for each in reading.complaints] == ["token"]


def test_old_switches_of_dracut_are_translated() -> None:
    carried = ["a", "rd_NO_LUKS", "rd_NO_LVM", "rd_NO_MULTIPATH", "rd_NO_MD", "console=tty0", "console=ttyS0"]
    assert installed(carried) == ("a", "rd.luks=0", "rd.md=0", "console=tty0", "console=ttyS0")


def test_an_alias_of_lower_rank_yields() -> None:
    for line in ("keyboard=de rd.vconsole.keymap=fr", "vconsole.keymap=fr keyboard=de"):
        assert read(line).keys == {"keyboard.layout": "de"}
    assert read("rd.vconsole.keymap=fr").keys == {"keyboard.layout": "fr"}


def test_servers_come_in_the_order_nameserver_dns_ip() -> None:
    reading = read("ip=192.0.2.7::192.0.2.1:24:::none:192.0.2.5 dns=192.0.2.3,192.0.2.4 nameserver=192.0.2.4")
    assert reading.keys["net.dns"] == ["192.0.2.4", "192.0.2.3", "192.0.2.5"]

"""The kernel's rules of words and quotes, and what is carried, dropped or refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootmenu.entries import LIVE_WORDS, PXE_WORDS, Entry, leaves, slot_words
from machines import PLAIN
from ovirt_tui.autoinstall import carried
from ovirt_tui.autoinstall.carried import installed
from ovirt_tui.autoinstall.cmdline import read, read_lines
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import export_report, plan_report
from ovirt_tui.features import kernel_words
from ovirt_tui.model.tokens import LONGEST, split
from ovirt_tui.system.disk_steps import BootLoader
from test_parity import fills


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
        ("a=\xa0\x1f\u2028b c", ["a=\xa0\x1f\u2028b", "c"]),
        ('a="b" c=\xa0d', ["a=b", "c=\xa0d"]),
        ('a "--" b', ["a"]),
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
    fits = "quiet".ljust(LONGEST - 4) + "mem"
    assert read(fits).complaints == []
    assert [str(each).partition(":")[0] for each in read(fits + "=").complaints] == ["cmdline"]
    assert "truncated" in str(read(fits + "=").complaints[0])
    assert read(fits + "\n").complaints == []
    assert read_lines("quiet\n" * LONGEST).complaints == []


def test_a_file_of_our_own_has_comments_and_says_its_line() -> None:
    reading = read_lines('# hostname=no\n\n  hostname=yes\n\t# comment\nkeyboard="de\n')
    assert reading.said == {"hostname": "yes"}
    assert [str(each) for each in reading.complaints] == ["cmdline: line 5: unbalanced double quote"]


def test_a_file_of_our_own_of_another_system() -> None:
    assert read_lines("\ufeffhostname=a\r\nkeyboard=de\r\n").said == {"hostname": "a", "keyboard": "de"}


KERNEL_WORDS = """
iommu.passthrough=1 spec_store_bypass_disable=on ima_policy=tcb initcall_debug init_on_alloc=1
quiet debug selinux=0 rootwait rootdelay=3 consoleblank=0 console_msg_format=syslog isolcpus=1 vga=791 ipv6.disable=1
net.ifnames=0 rd.luks=0 audit=1 mitigations=off iommu=pt nomodeset mem=4G memmap=1
default_hugepagesz=1G ifname=net0:52:54:00:12:34:56 kvm-intel.nested=1 nvme_core.multipath=N rd.driver.pre=vfio-pci
vfio-pci.ids=8086:1533 RD_NO_LVM intel_iommu=on
pci=noaer usb-storage.quirks=1:2:u module_blacklist=nouveau hugepages=64 modprobe.blacklist=a rhgb console=hvc0 panic=10
"""
LIVE = (
    "BOOT_IMAGE=/vmlinuz initrd=/initrd.img rd.overlay=1 rd.live.check node.slot=Root ro rw single S 1 "
    "SYSUUID=x SYSVENDOR=QEMU BIOSVERSION=1 rd.neednet=1 rd.bootif=0 bootdev=eth0 rd.break=cmdline netroot=dhcp "
    "systemd.unit=rescue.target systemd.debug_shell=ttyS1 init=/bin/sh -b systemd.set_credential=a:b "
    "systemd.debug-shell systemd.debug-shell=1 systemd.set-credential=a:b "
    "systemd.set-credential_binary=a:b rdinit=/bin/sh rd.shell rd.shell=1 rd.break rd.systemd.unit=x "
    "rd.systemd.debug-shell systemd.run=/bin/sh systemd.run-success-action=none systemd.mount-extra=/dev/sdb1:/mnt "
    "systemd.default_debug_tty=ttyS0 systemd.crash-shell systemd.import-credentials=no"
)


def test_words_of_one_boot_are_never_carried() -> None:
    for words in (LIVE_WORDS, PXE_WORDS, slot_words("Root"), (LIVE,)):
        left = ("$app", "$crash", "$panic", "$words")  # which GRUB puts in
        reading = read(" ".join(word for word in words if word not in left))
        assert (reading.said, reading.kept, reading.complaints) == ({}, [], [])


@pytest.mark.parametrize("entry", leaves(), ids=lambda entry: entry.key)
def test_every_entry_of_the_boot_menu_is_understood(entry: Entry) -> None:
    assert read(" ".join((*LIVE_WORDS, *entry.words))).complaints == []


@pytest.mark.parametrize("word", KERNEL_WORDS.split())
def test_words_of_others_are_carried(word: str) -> None:
    reading = read(word)
    assert (reading.kept, reading.complaints) == ([word], [])


UNKNOWN_WORDS = """
nfsroot=x systemd.hostname=a quiet_x=1 sysctl.kernel.core_pattern=|/bin/sh kgdboc=ttyS0 agent.url=x mount.usr=/dev/sdb
luks.name=x udev.children_max=1 rd.systemd.setenvx=1 myvendor note=1 kvm.=1 .x=1 sysrq_always_enabled
"""


@pytest.mark.parametrize("word", UNKNOWN_WORDS.split())
def test_a_word_that_nobody_knows_is_kept_only_when_it_is_marked(word: str) -> None:
    reading = read(word)
    assert not reading.kept
    (complaint,) = reading.complaints
    assert "not a known word of the kernel" in str(complaint) and f"node.carry={complaint.parameter}" in str(complaint)
    name = word.partition("=")[0]
    for marked in (f"{word} node.carry={name}", f"node.carry=x,{name.replace('_', '-')} {word}"):
        assert (read(marked).kept, read(marked).complaints) == ([word], [])


@pytest.mark.parametrize(
    "word", ["apikey=x", "api-key=x", "psk=x", "wifi-psk=x", "agent.token=x", "my.apikey=x", "x.key=x"]
)
@pytest.mark.parametrize("mark", ["", "node.carry={name} "])
def test_a_secret_is_never_kept_in_no_spelling(word: str, mark: str) -> None:
    reading = read(mark.format(name=word.partition("=")[0]) + word)
    assert not reading.kept
    assert any("looks like a password" in str(each) for each in reading.complaints)


@pytest.mark.parametrize(
    "word",
    [
        "init=/bin/sh",
        "systemd.debug-shell",
        "systemd.debug_shell=1",
        "rd.break",
        "systemd.unit=x",
        "rd.lvm",
        "rd.auto=1",
    ],
)
def test_a_door_is_never_kept_even_when_it_is_marked(word: str) -> None:
    reading = read(f"node.carry={word.partition('=')[0]} {word}")
    assert not reading.kept
    assert ["is never kept for the installed system" in str(each) for each in reading.complaints] == [True]


@pytest.mark.parametrize("word", ["rd.lvm", "rd.lvm=1", "rd.lvm=0", "rd.auto", "rd.auto=1"])
def test_a_word_that_would_activate_disks_of_others_is_of_one_boot(word: str) -> None:
    """The last one counts in an initrd, and the kernel line is read after what mode.sh says."""
    reading = read(f"{word} rd.luks=0")
    assert (reading.carried, reading.complaints) == (("rd.luks=0",), [])


def test_what_is_marked_is_the_same_once_exported() -> None:
    found = understand(
        read("storage_init BOOTIF=eth0 adminpw=$6$salt$hash node.carry=my-agent my_agent=1 quiet"), PLAIN
    )
    assert found.complaints == ()
    exported = export_report.export(found.draft, "cmdline")
    assert "node.carry=my_agent my_agent=1 quiet" in exported
    assert read(exported).kept == ["my_agent=1", "quiet"]


def test_a_word_that_cannot_be_shown_is_not_kept() -> None:
    reading = read("console=\x1b[2J quiet dyndbg=\u202ea")
    assert reading.kept == ["quiet"]
    assert ["holds characters that cannot be shown" in str(each) for each in reading.complaints] == [True, True]


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
    assert complaint.message == f"unknown parameter, did you mean {meant}"
    assert not read(word).kept


def test_a_hash_is_never_carried() -> None:
    reading = read("token=$6$salt$hash rhevm_admin_password=$6$salt$hash")
    assert not reading.kept
    assert [each.parameter for each in reading.complaints] == ["token"]


NAMES_SECRET = (
    r"passw(or)?d|passphrase|secret|token|api_?key|psk|credential|private_?key"
    r"|(^|[._]|admin|root|user)pass$|(^|[._])pwd?$|(^|[._])key$"
)
PIECES = (
    "pass",
    "w",
    "or",
    "d",
    "phrase",
    "tok",
    "en",
    "api",
    "_",
    ".",
    "key",
    "psk",
    "root",
    "user",
    "a",
    "KEY",
    "\n",
)


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_a_name_under_which_a_password_is_handed_over_is_known_without_a_pattern(name: str) -> None:
    assert kernel_words.names_secret(name) == bool(re.search(NAMES_SECRET, name.lower()))


@pytest.mark.parametrize(
    "words",
    [
        *("adminpw $6$salt$topsecret", "adminpw:$6$salt$topsecret", '"adminpw $6$salt$topsecret"'),
        *("storage_init=/dev/vda,adminpw=$6$salt$topsecret", "hostname=$6$salt$topsecret", "x=a$y$j9T$salt$topsecret"),
        *("adminpass=topsecret", "admin_password=topsecret", "user.passwd=topsecret", "my-token=topsecret"),
    ],
)
def test_a_password_that_got_elsewhere_is_neither_kept_nor_shown(words: str) -> None:
    reading = read(words)
    assert not reading.kept
    assert reading.complaints and "topsecret" not in f"{[str(each) for each in reading.complaints]}"
    assert "topsecret" not in f"{[each.parameter for each in reading.complaints]}"


@pytest.mark.parametrize("crypted", ["$6$", "$6$x", "$6$salt$", "$y$j9T$salt$", "!", "*", "$6$salt$hash:"])
def test_a_hash_that_was_cut_is_refused(crypted: str) -> None:
    assert [str(each).partition(" (")[0] for each in read(f"adminpw={crypted}").complaints] == [
        "adminpw: not a crypt(3) hash"
    ]


def test_a_console_acts_upon_nothing_that_a_message_shows() -> None:
    (complaint,) = read("hostname=\x1b[2J\x9b1m\x00").complaints
    assert "(got \\x1b[2J\\x9b1m\\x00;" in str(complaint)


def test_a_quote_in_the_middle_could_not_be_kept() -> None:
    (complaint,) = read('dyndbg=module" "kvm').complaints
    assert str(complaint).startswith("dyndbg: a double quote in the middle")


@pytest.mark.parametrize("line", ['dyndbg="file a.c +p"', '"a b"', '"a b=c d"', '""', "x=", "=x", '"x=a b"'])
def test_a_word_is_written_as_it_is_read(line: str) -> None:
    (word,) = split(line)
    assert split(word.quoted) == (word,)


def test_a_word_with_a_blank_is_one_word_in_the_boot_menu() -> None:
    found = understand(read('storage_init BOOTIF=eth0 adminpw=$6$salt$hash dyndbg="file a.c +p" "mem= b"'), PLAIN)
    (menu,) = (step.menu for each in plan_report.steps(found) for step in each.steps if isinstance(step, BootLoader))
    assert "'dyndbg=file a.c +p' 'mem= b'" in menu


def test_an_address_of_each_family() -> None:
    first = "ip=192.0.2.7::192.0.2.1:24:node7:eth0:none:192.0.2.53"
    for line in (f"{first} ip=auto6", f"ip=auto6 {first}"):
        assert fills(line) == {**fills(first), "network.ipv6": "auto"}
    assert fills(f"{first} ip=dhcp") == {"network.ipv4": "dhcp"}


def test_a_driver_may_be_named_twice() -> None:
    assert read("rdloaddriver=scsi_dh_alua rdloaddriver=scsi_dh_alua rdloaddriver=x").kept == [
        *("rd.driver.pre=scsi_dh_alua", "rd.driver.pre=scsi_dh_alua", "rdloaddriver=x")
    ]


def test_off_in_capitals_is_no_server() -> None:
    assert fills("ntp=OFF") == {"network.ntp_enabled": "no"}
    assert read("ntp=a,Off").complaints


@pytest.mark.parametrize("words", ["ip=192.0.2.7 netmask=0", "ip=192.0.2.7:::0", "ip=[2001:db8::7]:::0"])
def test_a_mask_without_a_network(words: str) -> None:
    assert any("bad netmask" in str(each) or "bad prefix" in str(each) for each in read(words).complaints)


@pytest.mark.parametrize("memory", ["256M", "256M@16M", "0x10000000", "256M,high", "72M,low", "1G-4G:192M,4G-:256M"])
def test_memory_for_a_crash_kernel(memory: str) -> None:
    assert read(f"crashkernel={memory}").kept == [f"crashkernel={memory}"]


@pytest.mark.parametrize("memory", ["banana", "256MB", "256M high", "auto", "1G-4G", "-256M"])
def test_memory_that_the_kernel_would_pass_over(memory: str) -> None:
    assert [each.parameter for each in read(f'crashkernel="{memory}"').complaints] == ["crashkernel"]


def test_old_switches_of_dracut_are_translated() -> None:
    carried = ["a", "rd_NO_LUKS", "rd_NO_LVM", "rd_NO_MULTIPATH", "rd_NO_MD", "console=tty0", "console=ttyS0"]
    assert installed(carried) == ("a", "rd.luks=0", "rd.md=0", "console=tty0", "console=ttyS0")


def test_an_alias_of_lower_rank_yields() -> None:
    for line in ("keyboard=de rd.vconsole.keymap=fr", "vconsole.keymap=fr keyboard=de"):
        assert fills(line) == {"keyboard.layout": "de"}
    assert fills("rd.vconsole.keymap=fr") == {"keyboard.layout": "fr"}


def test_servers_come_in_the_order_nameserver_dns_ip() -> None:
    line = "ip=192.0.2.7::192.0.2.1:24:::none:192.0.2.5 dns=192.0.2.3,192.0.2.4 nameserver=192.0.2.4"
    assert fills(line)["network.dns"] == "192.0.2.4,192.0.2.3,192.0.2.5"


def test_no_slip_of_a_word_is_missed_for_speed() -> None:
    """A word is looked at only where a part of it is right; the distance alone says the same of every slip."""
    all_known = tuple(map(carried._known, carried._names()))
    for known in all_known[::7]:
        name = known.lower
        for place in range(0, len(name), 3):
            for wrong in (name[:place] + name[place + 1 :], f"{name[:place]}~{name[place:]}"):
                near = (each for each in all_known if carried._distance(wrong, each.lower) <= each.slips)
                found = min(near, key=lambda each: carried._distance(wrong, each.lower), default=None)
                assert carried._nearest(wrong) == (found.name if found else "")

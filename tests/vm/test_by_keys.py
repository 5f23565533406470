"""BIOS: from the ISO's boot menu to a node whose host name persists, all by keys on the serial console."""

from __future__ import annotations

from pathlib import Path

from testbed.console import Console
from testbed.person import STEP, boot_from_menu, install_by_keys, log_in, open_shell, restart_when_installed
from testbed.qemu import Guest
from vm.conftest import BOOT, ISO, PASSWORD, Boot, digest, disk

IDENTITY = "cat /etc/ssh/ssh_host_*_key.pub /etc/machine-id"


def test_install_log_in_and_change_the_host_name(folder: Path, boot: Boot) -> None:
    first, other = disk(folder, "first", 8192), disk(folder, "other", 2048)
    before = digest(other)
    guest = Guest(folder=folder, disks=(first, other))
    with boot(guest.with_(cdrom=ISO)) as console:
        boot_from_menu(console, "Install oVirt Node on the serial console")
        install_by_keys(console, PASSWORD, "/dev/vda")
        restart_when_installed(console)
    assert digest(other) == before
    with boot(guest) as console:
        log_in(console, PASSWORD)
        console.wait(r"System slot +Root", STEP)
        set_host_name(console, "keys1.example.com")
        open_shell(console)
        assert console.run("hostname") == "keys1.example.com"
        assert "10.0.2." in console.run("ip -brief -4 address show scope global"), "DHCP is what the installer proposes"
        assert "horse" not in console.run("journalctl -b --no-pager | grep -a horse | grep -v grep")
        identity = console.run(IDENTITY)
        console.run("systemctl reboot")
        console.ended(STEP)
    with boot(guest.with_(cdrom=ISO)) as console:
        boot_from_menu(console, "Boot from the local disk")
        console.wait(r"keys1 login: ", BOOT, since=0)
        log_in(console, PASSWORD)
        console.wait(r"Host name +keys1\.example\.com", STEP)
        open_shell(console)
        assert "ssh-ed25519" in identity and console.run(IDENTITY) == identity


def set_host_name(console: Console, name: str) -> None:
    """On the Network page."""

    console.press("down")
    console.wait(r"> Network", STEP)
    console.press("tab")
    console.type(name)
    console.press("f10")
    console.wait(r"Setting the host name", STEP)
    console.wait(r"Close|[Dd]one|[Ss]aved", STEP)
    console.settle()
    console.press("enter")

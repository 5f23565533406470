"""UEFI, from a USB stick, by keys; on the node an address is changed, SSH allowed, the screen locked, the power cut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testbed.console import Console, plain
from testbed.person import (
    BOOT,
    STEP,
    back_to_menu,
    boot_from_menu,
    focused,
    go_to,
    install_by_keys,
    log_in,
    open_page,
    open_shell,
    restart_when_installed,
    save,
)
from testbed.qemu import Guest
from testbed.remote import Remote, free_port
from vm.conftest import ISO, PASSWORD, Boot, disk

STICK = (
    *("-drive", f"if=none,id=stick,file={ISO},format=raw,readonly=on"),
    *("-device", "qemu-xhci", "-device", "usb-storage,drive=stick,bootindex=1,removable=on"),
)
ADDRESS = "10.0.2.77"


@pytest.mark.long
def test_uefi_from_a_stick_then_address_ssh_lock_and_power_off(folder: Path, boot: Boot) -> None:
    port = free_port()
    line = f"user,model=virtio-net-pci,restrict=on,hostfwd=tcp:127.0.0.1:{port}-{ADDRESS}:22"
    guest = Guest(folder=folder, disks=(disk(folder, "first", 8192),), efi=True, network=(line,))
    with boot(guest.with_(extra=STICK)) as console:
        boot_from_menu(console, "Install oVirt Node on the serial console")
        install_by_keys(console, PASSWORD, "/dev/vda")
        assert re.search(r"/dev/sda .*this installer runs from it", plain(console.said))
        restart_when_installed(console)
    with boot(guest) as console:
        log_in(console, PASSWORD)
        set_address(console, f"{ADDRESS}/24", "10.0.2.2")
        refuse_to_lose_the_address(console)
        allow_ssh(console)
        with Remote(port, PASSWORD, console.log.with_suffix(".ssh.log")) as remote:
            remote.wait(r"> Status", STEP)
            remote.wait(rf"{ADDRESS}/24", STEP)
            remote.press("esc")
            remote.wait(r"Log off", STEP)
        open_shell(console)
        addresses = console.run("ip -brief -4 address show scope global")
        assert addresses.split()[2:] == [f"{ADDRESS}/24"], "one address, and no VLAN is left"
        assert "/sys/firmware/efi" in console.run("ls -d /sys/firmware/efi")
        start_a_guest(console)
        leave_shell(console)
        lock_and_unlock(console)
        power_off(console)
        console.ended(STEP)


def set_address(console: Console, address: str, gateway: str) -> None:
    """Wrong first, then right: a wrong address is reported at its field, and nothing is saved."""
    open_page(console, "Network")
    go_to(console, "IPv4  ")
    console.press("right")
    console.wait(r">\(\*\) static", STEP)
    go_to(console, "IPv4 address")
    console.type("10.0.2.300")
    console.press("f10")
    console.wait(r"! must be", STEP)
    assert "IPv4 address" in focused(console), "the focus goes to the field that is wrong"
    for _ in "10.0.2.300":
        console.press("backspace")
    console.type(address)
    go_to(console, "IPv4 gateway")
    console.type(gateway)
    save(console)
    back_to_menu(console)


def refuse_to_lose_the_address(console: Console) -> None:
    """There is no DHCP server in this VLAN: the previous configuration is restored."""
    open_page(console, "Network")
    go_to(console, "IPv4  ")
    console.press("left")
    console.wait(r">\(\*\) dhcp", STEP)
    go_to(console, "VLAN")
    console.type("7")
    console.press("f10")
    console.wait(r"Failed, and what this step had changed was taken back", STEP)
    console.press("enter")
    console.wait(r"^ [*>] Network", STEP)
    go_to(console, "Reset")
    console.press("enter")
    console.wait(r"Drop the changes\?", STEP)
    console.press("right", "enter")
    console.wait(r">Reset<", STEP)
    back_to_menu(console)


def allow_ssh(console: Console) -> None:
    open_page(console, "Security")
    console.wait(r">\[ \] Allow SSH login with a password", STEP)
    console.press("space", "f10")
    console.wait(r"Give the present password of admin", STEP)
    console.type(f"{PASSWORD}\r")
    console.wait(r"^ +Saved\.", BOOT)
    console.wait(r">Close<", STEP)
    console.press("enter")
    back_to_menu(console)


def start_a_guest(console: Console) -> None:
    """Start a virtual machine without a disk, with the node's own libvirt and QEMU."""
    wanted = (
        "<domain type='qemu'><name>web1</name><memory unit='MiB'>32</memory>"
        "<os><type arch='x86_64' machine='q35'>hvm</type></os></domain>"
    )
    assert "web1" in console.run(f'echo "{wanted}" >/tmp/web1.xml; virsh -c qemu:///system create /tmp/web1.xml', STEP)


def leave_shell(console: Console) -> None:
    console.type("exit\r")
    console.wait(r"^ [>*] \w", STEP)


def lock_and_unlock(console: Console) -> None:
    open_page(console, "Status")
    go_to(console, "Lock")
    console.press("enter")
    console.wait(r"This screen is locked", STEP)
    console.press("esc", "ctrl-c", "f2")
    console.wait(r"This screen is locked", STEP)
    console.type("not the password\r")
    console.wait(r"that is not the password of admin", STEP)
    console.type(f"{PASSWORD}\r")
    console.wait(r"System slot +Root", STEP)
    console.press("f5")
    console.wait(r"Running guests +1: web1", STEP)


def power_off(console: Console) -> None:
    go_to(console, "Power off")
    console.press("enter")
    console.wait(r"Power off this node\?", STEP)
    console.wait(r"One guest is running and will be stopped: web1", STEP)
    console.press("right", "enter")

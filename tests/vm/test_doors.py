"""Access at the console of a node: screen lock, login, Ctrl-Alt-Del, boot menu, rescue shell, lost password."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from testbed.console import Console, Terminal
from testbed.person import STEP, focused, go_to, log_in, open_page, open_shell
from testbed.qemu import Guest
from testbed.saved import PASSWORD, Node, at_login
from vm.conftest import BOOT, Boot, medium

OPENED_A_SHELL = (b"\x1b[<M", b"\x1b", b"[", b"<", b"M")
NOISE = bytes(range(256)) + b"\x1b[<;;M\x1b[M\xff\x1b]52;c;?\x07\x1bP1$r\x1b\\\xf0\x9f" + b"\x1b[" + b"9" * 300 + b"R"
NEW = "another horse 10"


def test_the_locked_console_of_a_node(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console:
        shell = at_login(console).root_shell()
        log_in(console, PASSWORD)
        lock(console)
        for codes in OPENED_A_SHELL:
            console._send(codes)
            time.sleep(0.15)
        console._send(NOISE)
        console.settle()
        console.press("enter")
        assert "This screen is locked" in console.text()
        wrong_passwords_are_slowed_down(console, shell)
        ctrl_alt_del_does_nothing(console, shell)
        unlock(console)
        open_shell(console)
        leave_shell(console, shell)
        said = shell.run("journalctl -b --no-pager -o cat -t ovirt-node | grep -a ttyS0")
        for line in ("screen locked", "wrong password for admin, number 5", "screen unlocked", "shell opened"):
            assert f"ttyS0: {line}" in said
        assert "wr0ng" not in shell.run("journalctl -b --no-pager | grep -a wr0''ng")
        assert shell.run("sysctl -n kernel.sysrq") == "0"
        only_the_one_command(shell)


def lock(console: Console) -> None:
    open_page(console, "Status")
    go_to(console, "Lock")
    console.press("enter")
    console.wait(r"This screen is locked", STEP)


def unlock(console: Console) -> None:
    """The delay after the wrong passwords must end."""
    time.sleep(10)
    console.type(f"{PASSWORD}\r")
    console.wait(r"System slot +Root", STEP)


def leave_shell(console: Console, shell: Terminal) -> None:
    """The end of the shell is logged to the journal, as its start is."""
    console.type("exit\r")
    end = time.monotonic() + STEP
    while "ttyS0: shell closed" not in shell.run("journalctl -b --no-pager -o cat -t ovirt-node | tail -5"):
        assert time.monotonic() < end, "the end of the shell is not in the journal"


def wrong_passwords_are_slowed_down(console: Console, shell: Terminal) -> None:
    # Passwords typed during the delay do not count: so type until five were counted.
    for _ in range(40):
        console.type("wr0ng\r")
        console.settle()
        if "number 5" in shell.run("journalctl -b --no-pager -o cat -t ovirt-node | tail -1"):
            break
    else:
        raise AssertionError(f"five wrong passwords never counted\n{console.text()}")
    console.type(f"{PASSWORD}\r")
    console.wait(r"too many wrong passwords: try again in \d+ seconds", STEP)


def ctrl_alt_del_does_nothing(console: Console, shell: Terminal) -> None:
    before = shell.run("cat /proc/sys/kernel/random/boot_id")
    with console.monitor() as monitor:
        for _ in range(10):
            monitor.typed("sendkey ctrl-alt-delete")
            time.sleep(0.1)
    time.sleep(10)
    assert shell.run("systemctl list-jobs --no-legend | grep -c -e reboot -e shutdown") == "0"
    assert shell.run("cat /proc/sys/kernel/random/boot_id") == before


def only_the_one_command(shell: Terminal) -> None:
    assert shell.run("stat -c %a /etc/sudoers.d/ovirt-node") == "440"
    allowed = shell.run("sudo -l -U admin")
    assert allowed.count("NOPASSWD") == 1 and "NOPASSWD: /usr/bin/ovirt-tui setup" in allowed
    refused = shell.run("runuser -u admin -- sudo -n /usr/bin/ovirt-tui facts; runuser -u admin -- sudo -n id")
    assert refused.count("a password is required") == 2


@pytest.mark.long
def test_five_wrong_logins_close_the_account_for_a_minute(folder: Path, boot: Boot, node: Node) -> None:
    with boot(node.guest(folder)) as console:
        shell = at_login(console).root_shell()
        for _ in range(5):
            console.wait(r"login: *$", STEP)
            console.type("admin\r")
            console.wait(r"Password: *$", STEP)
            start = len(console.said)
            console.type("wr0ng\r")
            console.wait(r"Login incorrect|locked|login: *$", STEP, since=start)
        assert shell.run("faillock --user admin | grep -c V$") == "5"
        assert shell.run("findmnt -no FSTYPE -T /run/faillock") == "tmpfs"
        console.wait(r"login: *$", STEP)
        console.type("admin\r")
        console.wait(r"locked", STEP)
        console.wait(r"Password: *$", STEP)
        start = len(console.said)
        console.type(f"{PASSWORD}\r")
        console.wait(r"login: *$", STEP, since=start)
        console.wait(r"timed out after 60 seconds", STEP, since=start)  # as long as the account is locked
        console.settle()
        console.press("ctrl-u")
        log_in(at_login(console), PASSWORD)


@pytest.mark.long
def test_the_boot_menu_and_rescue_ask_and_the_medium_is_the_way_back(folder: Path, boot: Boot, node: Node) -> None:
    guest = Guest(folder=folder, disks=(node.disk(folder),))
    with boot(guest) as console:
        editing_asks(console)
        rescue_asks(console)
    with boot(medium(guest, "rescue")) as console:
        console.wait(r"root@[^\n]*# ", BOOT, since=0)
        start = len(console.said)
        console.type("lost-password\r")
        for question in (r"New password of admin: ", r"The same again: "):
            console.wait(question, STEP, since=start)
            console.type(f"{NEW}\r")
        console.wait(r"admin has a new password", STEP, since=start)
        assert "HostVG" not in console.run("dmsetup ls"), "nothing of the node is left active"
    with boot(guest) as console:
        log_in(console, NEW)
        console.wait(r"System slot +Root", STEP)


def editing_asks(console: Console) -> None:
    """Editing asks for a name and a password; a wrong one leads back, the right one to the entry."""
    console.wait(r"executed automatically", BOOT)
    for key, password, seen in (("e", "wr0ng", r"denied|GNU GRUB"), ("c", "wr0ng", r"denied|GNU GRUB")):
        start = len(console.said)
        console.press(key)
        console.wait(r"Enter username:", STEP, since=start)
        console.type("admin\r")
        console.wait(r"Enter password:", STEP, since=start)
        start = len(console.said)
        console.type(f"{password}\r")
        console.wait(seen, STEP, since=start)
        console.wait(r"Press enter to boot", STEP, since=start)  # the menu is back, and another Enter would boot
        console.settle()
        assert "grub>" not in console.said and "setparams" not in console.said
    start = len(console.said)
    console.press("e")
    console.wait(r"Enter username:", STEP, since=start)
    console.type("admin\r")
    console.wait(r"Enter password:", STEP, since=start)
    console.type(f"{PASSWORD}\r")
    console.wait(r"setparams", STEP, since=start)
    console.press("esc")
    console.settle()


def rescue_asks(console: Console) -> None:
    for _ in range(5):
        if "rescue shell" in _marked(console):
            break
        console.press("down")
    start = len(console.said)
    console.press("enter")
    console.wait(r"Password of admin: ", BOOT, since=start)
    console.press("ctrl-c")  # must not end the prompt
    console.settle()
    console.type("wr0ng\r")
    console.wait(r"That is not it[^:]*Password of admin:", STEP, since=start)
    console.settle()
    assert "root@" not in console.said[start:]
    console.type(f"{PASSWORD}\r")
    console.wait(r"root@[^\n]*# ", STEP, since=start)
    assert "rd.shell=0" in console.run("cat /proc/cmdline")
    assert "opened by admin" in console.run("journalctl -b --no-pager -o cat -t ovirt-node")
    console.run("sync")


def _marked(console: Console) -> str:
    """The entry of the boot menu with the star."""
    return next((line for line in console.text().splitlines() if "*oVirt Node" in line), "") or focused(console)

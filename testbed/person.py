"""What a person does at the console of a node: installs by keys, logs in, opens a shell."""

from __future__ import annotations

import re

from testbed.console import Console, NotSeen, Terminal

BOOT = 900  # seconds; timeout of a boot under emulation
INSTALL = 1800  # seconds; timeout of an installation
STEP = 300  # seconds; timeout of a screen


def settled(shell: Terminal) -> None:
    """Wait until the node has started all units: a login does not wait for Data, for example."""
    shell.run("systemctl is-system-running --wait", BOOT)


def boot_from_menu(console: Console, title: str) -> None:
    """Choose an entry of the medium's boot menu by its title."""
    console.wait(r"executed automatically", BOOT)
    console.press("up")  # any key stops the countdown
    choose_in_menu(console, title)


def choose_in_menu(console: Console, title: str) -> None:
    """Choose an entry of a menu whose countdown was stopped."""
    for _ in range(10):
        if _chosen(console) == title:
            break
        console.press("down")
    else:
        raise NotSeen(f"the menu has no {title!r}\n{console.text()}")
    console.press("enter")


def _chosen(console: Console) -> str:
    """The entry with the star of the menu."""
    for line in console.text().splitlines():
        text = line.strip(" |│")
        if text.startswith("*"):
            return text[1:].strip()
    return ""


def install_by_keys(console: Console, password: str, disk: str = "") -> None:
    """From Welcome to the running installation, with one disk and the defaults."""
    console.wait(r"Welcome +1 of", BOOT)
    console.press("enter")
    console.wait(r"Keyboard +2 of", STEP)
    console.press("f10")
    console.wait(r"Boot disk +3 of", STEP)
    choose_disk(console, disk)
    console.press("f10")
    console.wait(r"Data disks +4 of", STEP)
    console.press("f10")
    console.wait(r"(Second volume group|Volume sizes) +5 of", STEP)
    if "Second" in console.text().splitlines()[0]:  # there is a disk for it
        console.press("f10")
        console.wait(r"Volume sizes +6 of", STEP)
    console.press("f10")
    from_the_password_on(console, password)


def choose_disk(console: Console, disk: str) -> None:
    """Choose the disk named *disk*, or the first one."""
    for _ in range(20):
        line = next((line for line in console.text().splitlines() if line.strip().startswith(">(")), "")
        if disk in line:
            break
        console.press("down")
    console.press("space")


def from_the_password_on(console: Console, password: str) -> None:
    """Accept the proposed network where its page is shown, type the password twice, read the plan, and install."""
    console.wait(r"(Network|Admin password) +\d of", STEP)
    if "Network" in console.text().splitlines()[0]:
        console.wait(r"\(\*\) e\w+ +up ", STEP)  # once the carrier was detected
        console.press("f10")
        console.wait(r"Admin password +\d of", STEP)
    console.type(password)
    console.press("tab")
    console.type(password)
    console.press("f10")
    console.wait(r"Nothing is written before 'Install'", STEP)
    for _ in range(5):
        if ">Install<" in console.text():
            break
        console.press("tab")
    console.press("enter")
    console.wait(r"Partitioning the disks", STEP)


def restart_when_installed(console: Console) -> None:
    """Wait for the end of an installation by keys, and press its first button."""
    console.wait(r"Installed\. Remove the medium", INSTALL)
    console.press("enter")
    console.ended(STEP)


def log_in(console: Console, password: str) -> None:
    """Log in as admin; the configuration program opens."""
    console.wait(r"login: *$", BOOT)
    console.type("admin\r")
    console.wait(r"Password: *$", STEP)
    console.type(f"{password}\r")
    console.wait(r"> Status", BOOT)
    console.password = password


def log_in_with_expired_password(console: Console, password: str, new: str) -> None:
    """Log in as admin with a password that must be changed at once; a weak new one is refused and asked for again."""
    console.wait(r"login: *$", BOOT)
    console.type("admin\r")
    console.wait(r"Password: *$", STEP)
    console.type(f"{password}\r")
    console.wait(r"Current password: *$", STEP)
    console.type(f"{password}\r")
    console.wait(r"New password: *$", STEP)
    start = len(console.said)
    console.type("abc\r")
    console.wait(r"BAD PASSWORD[^\n]*\n[^\n]*New password: *$", STEP, since=start)
    console.type(f"{new}\r")
    console.wait(r"Retype new password: *$", STEP)
    console.type(f"{new}\r")
    console.wait(r"> Status", BOOT)
    console.password = new


def open_shell(console: Console) -> None:
    """Open the shell with F2, past its warning and, on a node, the question for the password of the user."""
    console.press("f2")
    console.wait(r"Open the shell", STEP)
    console.press("right")
    console.wait(r">Open the shell<", STEP)
    start = len(console.said)  # the screen still shows the old text: no alternate screen here
    console.press("enter")
    if console.password:
        console.wait(r"Give the password of admin", STEP)
        start = len(console.said)
        console.type(f"{console.password}\r")
    console.wait(r"root@[^\n]*# ", STEP, since=start)
    console.run("stty rows 24 columns 500; export PAGER=cat TERM=dumb")


def focused(console: Console) -> str:
    """The focused line: that of the cursor, or that with the mark of a button or a choice."""
    lines = console.text().splitlines()
    if not console.screen.cursor.hidden:
        return lines[console.screen.cursor.y]
    return next((line for line in lines if re.search(r"[>][(\[]|\[>|> ", line)), "")


def go_to(console: Console, label: str) -> None:
    """Press Tab until the focus is at *label*; NotSeen when it does not get there within 60 presses."""
    for _ in range(60):
        if label in focused(console):
            return
        console.press("tab")
    raise NotSeen(f"the focus never came to {label!r}\n{console.text()}")


def open_page(console: Console, title: str) -> None:
    """From the menu of the setup program to a page's first field, however late the screen shows each key."""
    console.wait(rf"^ [ >] {title} *[|│]", STEP)
    while f"> {title} " not in (here := console.wait(r"^ > \w[^|│]* ", STEP)):
        text = console.text()
        console.press("down" if text.index(here) < text.index(f"   {title} ") else "up")
        console.wait(rf"^ > (?!{re.escape(here.removeprefix(' > '))})\w", STEP)
    console.press("tab")


def save(console: Console) -> None:
    """Save the page, and close the report."""
    console.press("f10")
    console.wait(r"^ +Saved\.", BOOT)
    console.wait(r">Close<", STEP)
    console.press("enter")


def back_to_menu(console: Console) -> None:
    """From a page to the menu of the setup program."""
    for _ in range(60):
        if re.search(r"^ > \w", console.text(), re.MULTILINE):
            return
        console.press("backtab")
    raise NotSeen(f"the menu never had the focus\n{console.text()}")

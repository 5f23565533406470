"""The password of the boot menu: made where one is typed, asked for by GRUB, kept where only root reads it."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from bootmenu.guard import boot_password, terminals
from bootmenu.render import installed_grub
from brought import brought
from machines import MACHINES, PLAIN
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import report
from ovirt_tui.features.order import defaults
from ovirt_tui.model.secrets import BootHash
from ovirt_tui.plan.actions import INSTALL, SETUP
from ovirt_tui.plan.runner import changes, plan
from ovirt_tui.system import accounts, partitions
from ovirt_tui.system.crypt import boot_hash
from ovirt_tui.system.disk_steps import BootPassword
from ovirt_tui.system.mounts import Mount
from person import at_installer, at_setup
from test_form import to_row
from test_setup import to_page

HASH = "grub.pbkdf2.sha512.10000.5A17.0123456789ABCDEF"
LINE = "storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt$hash"
IMAGE = Path(__file__).parent.parent / "image"


def test_the_hash_is_that_of_the_password() -> None:
    _grub, _kind, _digest, rounds, salt, made = boot_hash("pä ss").reveal().split(".")
    wanted = hashlib.pbkdf2_hmac("sha512", "pä ss".encode(), bytes.fromhex(salt), int(rounds))
    assert bytes.fromhex(made) == wanted and len(salt) == 128
    assert boot_hash("pä ss") != boot_hash("pä ss"), "each has a salt of its own"


def test_it_has_the_form_that_grub_makes() -> None:
    argv = ("grub-mkpasswd-pbkdf2", "--iteration-count=10")
    said = subprocess.run(argv, input="x\nx\n", text=True, capture_output=True, check=True, timeout=30).stdout
    (made,) = re.findall(r"grub\.\S+", said)
    assert BootHash(made).reveal() == made
    assert re.sub(r"[0-9A-F]{2}", "", made.partition("10.")[2]) == "."


def test_it_does_not_print() -> None:
    step = BootPassword("/dev/vda", BootHash(HASH))
    assert HASH not in f"{step} {step!r} {BootHash(HASH)} {BootHash(HASH)!r}"


def test_an_installation_by_keys_sets_it_and_one_with_a_hash_only_does_not() -> None:
    person, installer = at_installer()
    installer.draft.put("storage.boot_disk", "/dev/vda")
    page = next(page for page in installer.pages() if page.title == "Admin password")
    installer.open(page)
    for _ in range(2):
        person.type("correct horse")
        person.press("tab")
    person.press("f10")
    steps = [step for each in plan(INSTALL, installer.draft.config, PLAIN) for step in each.steps]
    assert BootPassword("/dev/vda", person.system.boot_hash("correct horse")) in steps
    given = plan(INSTALL, understand(read(LINE), PLAIN).config, PLAIN)
    assert not any(isinstance(step, BootPassword) for each in given for step in each.steps)


def test_a_line_can_bring_it() -> None:
    found = understand(read(f"{LINE} bootpw={HASH}"), PLAIN)
    assert not found.complaints
    steps = [step for each in plan(INSTALL, found.config, PLAIN) for step in each.steps]
    assert BootPassword("/dev/vda", BootHash(HASH)) in steps
    assert "bootpw" in str(understand(read(f"{LINE} bootpw=hunter2"), PLAIN).complaints[0])


def test_a_new_password_on_the_node_is_that_of_its_boot_menu_too() -> None:
    person, _setup = at_setup("node-installed")
    to_page(person, "Security")
    to_row(person, "Password of admin")
    for _ in range(2):
        person.type("correct horse")
        person.press("tab")
    person.press("f10")
    person.prove()
    assert "Saved." in person.screen()
    made = [step for step in person.system.made if isinstance(step, BootPassword)]
    assert [step.hashed for step in made] == [person.system.boot_hash("correct horse")]
    person.press("enter")
    assert "not saved" not in person.screen()


def test_a_running_node_writes_it_to_the_disk_it_runs_from() -> None:
    config = understand(read(f"{LINE} bootpw={HASH}"), PLAIN).config
    node = MACHINES["one-disk"].__class__(**{**PLAIN.__dict__, "slot": "Root"})
    steps = [
        step for each in changes(SETUP, defaults(), config, node, brought(defaults(), node)) for step in each.steps
    ]
    assert BootPassword("", BootHash(HASH)) in steps


def test_the_disk_a_node_runs_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = tmp_path / "devices/vdc/vdc3"
    real.mkdir(parents=True)
    (real / "partition").write_text("3\n")
    (tmp_path / "class").mkdir()
    (tmp_path / "class/vdc3").symlink_to(real)
    monkeypatch.setattr(partitions, "SYS", tmp_path / "class")
    monkeypatch.setattr(partitions, "mounts", lambda: (Mount("252:3", partitions.MEDIUM, "ext4", "/dev/vdc3"),))
    assert partitions.own_disk() == "/dev/vdc"


def test_no_entry_of_a_node_can_be_edited_without_it() -> None:
    menu = installed_grub(())
    assert menu.index("set superusers=admin") < menu.index("menuentry")
    assert all("--unrestricted" in line for line in menu.splitlines() if line.startswith("menuentry"))
    words = [line.split() for line in menu.splitlines() if line.strip().startswith("linux")]
    assert words and all({"rd.shell=0", "rd.emergency=$emergency"} <= set(line) for line in words)
    assert menu.count("set emergency=halt\n") == len(words), "a trial restarts: no shell either"
    assert boot_password(HASH) == f"password_pbkdf2 admin {HASH}\n"
    assert "password_pbkdf2" in (IMAGE / "tree.py").read_text(), "the BIOS core has the command"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), ""),
        (("console=tty0", "quiet"), ""),
        (("console=ttyS0,115200n8",), "serial --unit=0 --speed=115200;"),
        (("console=tty0", "console=ttyS1"), "serial --unit=1 --speed=9600;"),
        (("console=ttyS0,115200", "console=ttyS1,57600"), "serial --unit=1 --speed=57600;"),
        (("console=ttyS10",), ""),
    ],
)
def test_the_menu_listens_on_the_serial_line_of_the_node_only(words: tuple[str, ...], said: str) -> None:
    menu = terminals(words)
    assert said in menu and bool(menu) == bool(said)


def test_a_login_prompt_wants_what_a_page_wants() -> None:
    rules = (IMAGE / "debian/overlay/etc/security/pwquality.conf.d/10-ovirt-node.conf").read_text()
    assert f"minlen = {accounts.LEAST_LENGTH}\n" in rules


@pytest.mark.parametrize(
    ("password", "accepted", "said"),
    [
        ("correcthorse9", True, "a plain password, which was probably meant"),
        ("abJnggxhB/yWI", True, "a plain password, which was probably meant"),
        ("correct-horse", False, "not a crypt(3) hash"),
        ("correct!horse", False, "not a crypt(3) hash"),
        ("$1$salt$wRNrzpQwLBlaRM8bUkW2z1", True, "broken in minutes"),
    ],
)
def test_a_word_of_13_letters_may_be_a_hash_of_the_oldest_kind(password: str, accepted: bool, said: str) -> None:
    found = understand(read(f"storage_init=/dev/vda BOOTIF=eth0 adminpw={password}"), PLAIN)
    assert bool(found.complaints) != accepted
    assert any(said in str(each) for each in (*found.complaints, *report.notes(found)))
    assert password not in " ".join(str(each) for each in (*found.complaints, *report.notes(found)))

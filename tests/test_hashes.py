"""Password hashes of weak kinds: taken as they always were, and whoever gives one is told, by whichever door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from machines import MACHINES, PLAIN, with_
from ovirt_tui.__main__ import main
from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import Reading, read
from ovirt_tui.autoinstall.understand import Understood, understand
from ovirt_tui.cli import report
from ovirt_tui.cli.unattended import autoinstall
from ovirt_tui.system.fake import FakeSystem
from person import at_installer
from test_installer import to_confirm
from test_unattended import boot

MD5 = "$1$salt$wRNrzpQwLBlaRM8bUkW2z1"
DES = "abJnggxhB/yWI"
FEW = "$6$rounds=4999$salt$hash"
START = "storage_init=/dev/vda BOOTIF=link"
SAID = "an MD5 hash is broken in minutes; make a better one with 'mkpasswd -m yescrypt' or 'openssl passwd -6'"
FILE = 'storage.boot_disk = "/dev/vda"\nnetwork.nic = "link"\n'


def of_line(words: str) -> Understood:
    return understand(read(f"{START} {words}"), PLAIN)


def of_file(text: str) -> Understood:
    return understand(Reading().over((answers.read("n.toml", f"{FILE}{text}".encode()),)), PLAIN)


@pytest.mark.parametrize(
    ("hashed", "code"),
    [
        (MD5, "hash-is-weak"),
        (DES, "hash-of-des"),
        (FEW, "hash-of-few-rounds"),
        ("$5$rounds=0000001000$salt$hash", "hash-of-few-rounds"),
        ("$6$rounds=5000$salt$hash", ""),
        ("$6$rounds=656000$salt$hash", ""),
        ("$6$salt$hash", ""),
        ("$5$salt$hash", ""),
        ("$y$j9T$salt$hash", ""),
        ("$gy$j9T$salt$hash", ""),
        ("$2b$05$abcdefghijklmnopqrstuu", ""),
    ],
)
def test_each_kind_by_a_line_and_by_a_file(hashed: str, code: str) -> None:
    expected = [code] if code else []
    for found in (of_line(f"adminpw={hashed}"), of_file(f'users.admin_password = "{hashed}"')):
        assert not found.complaints
        assert [each.code for each in found.notes] == expected
        assert hashed not in " ".join(report.notes(found))


def test_it_is_said_of_what_has_to_be_changed_and_once() -> None:
    assert report.notes(of_line(f"rootpw={MD5}")) == [f"note: rootpw: {SAID}"]  # though it is that of admin too
    assert report.notes(of_line(f"adminpw={MD5} rootpw={MD5}")) == [f"note: adminpw: {SAID}", f"note: rootpw: {SAID}"]
    assert report.notes(of_line(f"adminpw=$6$salt$hash rootpw={MD5}")) == [f"note: rootpw: {SAID}"]
    assert report.notes(of_file(f'users.admin_password = "{MD5}"')) == [f"note: n.toml: users.admin_password: {SAID}"]
    both = of_file(f'users.admin_password = "{FEW}"\nusers.root_password = "{DES}"')
    assert [each.path for each in both.notes] == ["users.admin_password", "users.root_password"]
    assert "a hash of 4999 rounds" in both.notes[0].text and "a plain password" in both.notes[1].text
    over = Reading().over((answers.read("n.toml", f'{FILE}users.admin_password = "{MD5}"'.encode()),))
    assert understand(over, PLAIN).notes and not of_line("adminpw=$6$salt$hash").notes


@pytest.mark.parametrize("command", ["check", "plan"])
@pytest.mark.parametrize("by_file", [False, True])
def test_commands(command: str, by_file: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "n.toml"
    file.write_text(f'{FILE}users.admin_password = "{MD5}"')
    given = ("--answers", str(file)) if by_file else ("--cmdline", f"{START} adminpw={MD5}")
    name = f"{file}: users.admin_password" if by_file else "adminpw"
    argv = (command, "--machine", "tests/machines/one-disk.json", *given)
    assert main(argv) == 0
    assert f"note: {name}: {SAID}\n" in capsys.readouterr().err
    assert main((*argv, "--json")) == 0
    (note,) = (each for each in json.loads(capsys.readouterr().out)["notes"] if each["code"] == "hash-is-weak")
    assert note == {"path": "users.admin_password", "parameter": name, "code": "hash-is-weak", "text": SAID}


def test_an_unattended_installation_says_it_on_the_console_and_goes_on() -> None:
    said: list[str] = []
    assert autoinstall(boot(f"{START} adminpw={MD5}"), said.append).status == 0
    assert f"ovirt-node: note: adminpw: {SAID}" in said


def test_apply_says_it_of_a_node(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "n.toml"
    file.write_text(f'users.root_password = "{DES}"')
    assert main(("apply", "--check", "--answers", str(file)), lambda: FakeSystem(with_(slot="Root"))) == 3
    assert f"note: {file}: users.root_password: taken for a DES hash" in capsys.readouterr().err


def test_the_installer_says_it_where_the_password_is_set_and_on_confirm() -> None:
    person, _installer = at_installer("one-disk", line=f"adminpw={MD5}")
    person.press("enter", "f10", "enter", "enter", "f10", "f10", "f10")
    assert "Admin password" in person.screen() and "note: an MD5 hash is broken in minutes" in person.screen()
    person.press("f10")
    assert "note: Password of admin: an MD5 hash is broken in minutes" in person.screen()


def test_a_password_that_is_typed_leaves_nothing_to_say() -> None:
    person, _installer = at_installer(MACHINES["two-disks"])
    to_confirm(person)
    assert "Confirm" in person.screen() and "!" not in person.screen().replace("[!]", "")

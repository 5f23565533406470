"""The way back for who lost the password, from the medium."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bootmenu.guard import PASSWORD_FILE
from bootmenu.node_data import group_file
from ovirt_tui.machine.facts import Facts, Group, Node, NodeState
from ovirt_tui.system import StepFailed, boot, file_systems, lost_password
from ovirt_tui.system.accounts import Accounts
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.tree import Tree

PLACES = Path(__file__).parent.parent / "image/dracut/90ovirt-node/places.sh"
NEW = "correct horse 9"
GROUP = Group(name="HostVG", uuid="Zq1b-VG", disks=("/dev/vda",), volumes=(lost_password.CONFIG,))


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The /etc of a node whose volumes need not be activated."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/shadow").write_text("root:!*:20000:0:99999:7:::\nadmin:$6$salt$hash:0:0:99999:7:::\n")

    @contextmanager
    def there(_disks: tuple[str, ...]) -> Iterator[tuple[Tree, ...]]:
        yield (Tree(tmp_path, live=False),)

    monkeypatch.setattr(lost_password, "node_etc", there)
    monkeypatch.setattr(Probe, "slot", lambda _probe: "")
    monkeypatch.setattr(Probe, "facts", lambda _probe: Facts(groups=(GROUP,)))
    return tmp_path


def boot_disks(folder: Path, monkeypatch: pytest.MonkeyPatch, *groups: str) -> list[Path]:
    """The boot partitions of as many disks as there are *groups*, each with a menu for one; they mount as a folder."""
    found = [folder / f"vd{letter}2" for letter in "abc"[: len(groups)]]
    for path, group in zip(found, groups, strict=True):
        name, text = group_file(group)
        (path / name).parent.mkdir(parents=True)
        (path / name).write_text(text)
    nodes = tuple(Node(disk=str(path)[:-1], state=NodeState.COMPLETE) for path in found)
    monkeypatch.setattr(Probe, "facts", lambda _probe: Facts(groups=(GROUP,), nodes=nodes))

    @contextmanager
    def mounted(kind: str, source: str, _name: str, options: str) -> Iterator[Path]:
        assert kind == "vfat" and file_systems.PRIVATE in options
        yield Path(source)

    for module in (lost_password, file_systems):
        monkeypatch.setattr(module, "mounted", mounted)
    for module in (lost_password, boot):
        monkeypatch.setattr(module, "esp", lambda disk: f"{disk}2")
    return found


def answers(*typed: str) -> Callable[[str], str]:
    waiting = iter(typed)
    return lambda _text: next(waiting)


def test_admin_gets_the_new_password_and_keeps_it(node: Path) -> None:
    assert lost_password.main(answers(NEW, NEW)) == 0
    accounts = Accounts(Tree(node, live=False))
    assert accounts.verify("admin", NEW)
    root, admin = (line.split(":") for line in (node / "etc/shadow").read_text().splitlines())
    assert root[1] == "!*" and admin[2] != "0", "it need not be changed at the next login"


@pytest.mark.parametrize("slots", [("slots/Root",), ("overlay",), ("slots/Root", "slots/RootBackup", "overlay")])
def test_it_is_written_into_the_changes_on_config(
    slots: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mounted volume has a folder that is named after this program, whatever it is called here."""
    config = tmp_path / "lost-config.749"
    (config / "slots/RootBackup/etc/upper").mkdir(parents=True)  # without a password
    found = [config / slot / "etc/upper/shadow" for slot in slots]
    for shadow in found:
        shadow.parent.mkdir(parents=True, exist_ok=True)
        shadow.write_text("admin:$6$salt$hash:0:0:99999:7:::\n")

    @contextmanager
    def mounted(_kind: str, _source: str, name: str, _options: str) -> Iterator[Path]:
        yield tmp_path / f"{name}.749"

    monkeypatch.setattr(lost_password, "mounted", mounted)
    monkeypatch.setattr(lost_password, "volume_paths", lambda _disks: {lost_password.CONFIG: "/dev/none"})
    for name in ("activate", "deactivate"):
        monkeypatch.setattr(lost_password, name, lambda _disks: None)
    monkeypatch.setattr(Probe, "facts", lambda _probe: Facts(groups=(GROUP,)))
    monkeypatch.setattr(Probe, "slot", lambda _probe: "")
    assert lost_password.main(answers(NEW, NEW)) == 0
    for shadow in found:
        assert shadow.read_text().startswith("admin:$") and "$6$salt$hash" not in shadow.read_text()


def test_the_boot_menu_of_the_same_node_gets_the_new_password_too(
    node: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other, own = boot_disks(node, monkeypatch, "another", GROUP.uuid)
    (own / PASSWORD_FILE).write_text("password_pbkdf2 admin old\n")
    assert lost_password.main(answers(NEW, NEW)) == 0
    assert "the boot menu has the same" in capsys.readouterr().out
    made = (own / PASSWORD_FILE).read_text()
    _command, user, hashed = made.split()
    _grub, _kind, _digest, rounds, salt, digest = hashed.split(".")
    wanted = hashlib.pbkdf2_hmac("sha512", NEW.encode(), bytes.fromhex(salt), int(rounds))
    assert (user, bytes.fromhex(digest)) == ("admin", wanted)
    assert not (other / PASSWORD_FILE).exists()


@pytest.mark.parametrize(
    ("groups", "why"),
    [(("another",), "0 disks have a boot menu of this node"), ((GROUP.uuid, GROUP.uuid), "2 disks have a boot menu")],
)
def test_a_boot_menu_that_may_be_another_keeps_its_password(
    node: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    groups: tuple[str, ...],
    why: str,
) -> None:
    parts = boot_disks(node, monkeypatch, *groups)
    assert lost_password.main(answers(NEW, NEW)) == 0
    said = capsys.readouterr().out
    assert f"the boot menu keeps its old one: {why}" in said and "set it once more on the page Security" in said
    assert not any((part / PASSWORD_FILE).exists() for part in parts)
    assert Accounts(Tree(node, live=False)).verify("admin", NEW)


def test_a_boot_partition_that_cannot_be_written_is_said(
    node: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (own,) = boot_disks(node, monkeypatch, GROUP.uuid)
    (own / PASSWORD_FILE).mkdir()
    assert lost_password.main(answers(NEW, NEW)) == 0
    assert "the boot menu keeps its old one" in capsys.readouterr().out


@pytest.mark.parametrize("typed", [(NEW, "other"), ("", "")])
def test_what_differs_or_is_empty_changes_nothing(
    node: Path, typed: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (node / "etc/shadow").read_text()
    assert lost_password.main(answers(*typed)) == 1
    assert "nothing was changed" in capsys.readouterr().err
    assert (node / "etc/shadow").read_text() == before


def test_what_is_no_text_changes_nothing(node: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(_text: str) -> str:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    before = (node / "etc/shadow").read_text()
    assert lost_password.main(ask) == 1 and lost_password.main(answers("\udcff", "\udcff")) == 1
    assert capsys.readouterr().err.count("no text in UTF-8: nothing was changed") == 2
    assert (node / "etc/shadow").read_text() == before


def test_it_says_why_it_cannot(node: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    @contextmanager
    def not_there(_disks: tuple[str, ...]) -> Iterator[tuple[Tree, ...]]:
        raise StepFailed("vgchange failed: no volume group HostVG")
        yield

    monkeypatch.setattr(lost_password, "node_etc", not_there)
    assert lost_password.main(answers(NEW, NEW)) == 1
    assert "no volume group HostVG" in capsys.readouterr().err


def test_it_is_for_the_medium(node: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Probe, "slot", lambda _probe: "Root")
    assert lost_password.main(answers()) == 2
    assert "Start the medium" in capsys.readouterr().err


def test_the_disks_are_those_of_the_one_node() -> None:
    mine = Group(name="HostVG", uuid="a", disks=("/dev/vda", "/dev/vdb"), volumes=("Config", "Data"))
    others = (
        Group(name="HostVG", uuid="b", disks=("/dev/vdc",), volumes=("Data",)),
        Group(name="vg0", uuid="c", volumes=("Config",)),
    )
    assert lost_password.node_group(Facts(groups=(*others, mine))) == mine
    for groups, why in (((), "no node has"), ((mine, mine), "2 nodes have")):
        with pytest.raises(StepFailed, match=why):
            lost_password.node_group(Facts(groups=groups))

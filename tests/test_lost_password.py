"""The way back for who lost the password, from the medium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ovirt_tui.facts import Facts, Group
from ovirt_tui.system import StepFailed, lost
from ovirt_tui.system.accounts import Accounts
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.tree import Tree

PLACES = Path(__file__).parent.parent / "image/dracut/90ovirt-node/places.sh"
NEW = "correct horse 9"


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The /etc of a node whose volumes need not be activated."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/shadow").write_text("root:!*:20000:0:99999:7:::\nadmin:$6$salt$hash:0:0:99999:7:::\n")

    @contextmanager
    def there() -> Iterator[Tree]:
        yield Tree(tmp_path, live=False)

    monkeypatch.setattr(lost, "node_etc", there)
    monkeypatch.setattr(Probe, "itself", lambda _probe: Facts())
    return tmp_path


def answers(*typed: str) -> Callable[[str], str]:
    waiting = iter(typed)
    return lambda _text: next(waiting)


def test_admin_gets_the_new_password_and_keeps_it(node: Path) -> None:
    assert lost.main(answers(NEW, NEW)) == 0
    accounts = Accounts(Tree(node, live=False))
    assert accounts.verify("admin", NEW)
    root, admin = (line.split(":") for line in (node / "etc/shadow").read_text().splitlines())
    assert root[1] == "!*" and admin[2] != "0", "it need not be changed at the next login"


def test_it_is_written_into_the_changes_on_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mounted volume has a folder that is named after this program, whatever it is called here."""
    config = tmp_path / "lost-config.749"
    (config / lost.CHANGES).mkdir(parents=True)
    shadow = config / lost.CHANGES / "shadow"
    shadow.write_text("admin:$6$salt$hash:0:0:99999:7:::\n")

    @contextmanager
    def mounted(_kind: str, _source: str, name: str, _options: str) -> Iterator[Path]:
        yield tmp_path / f"{name}.749"

    monkeypatch.setattr(lost, "mounted", mounted)
    monkeypatch.setattr(lost, "volume_paths", lambda _disks: {lost.CONFIG: "/dev/none"})
    for name in ("activate", "deactivate"):
        monkeypatch.setattr(lost, name, lambda _disks: None)
    group = Group(name="HostVG", disks=("/dev/vda",), volumes=(lost.CONFIG,))
    monkeypatch.setattr(Probe, "facts", lambda _probe: Facts(groups=(group,)))
    monkeypatch.setattr(Probe, "itself", lambda _probe: Facts())
    assert lost.main(answers(NEW, NEW)) == 0
    assert shadow.read_text().startswith("admin:$") and "$6$salt$hash" not in shadow.read_text()


@pytest.mark.parametrize("typed", [(NEW, "other"), ("", "")])
def test_what_differs_or_is_empty_changes_nothing(
    node: Path, typed: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = (node / "etc/shadow").read_text()
    assert lost.main(answers(*typed)) == 1
    assert "nothing was changed" in capsys.readouterr().err
    assert (node / "etc/shadow").read_text() == before


def test_what_is_no_text_changes_nothing(node: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(_text: str) -> str:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    before = (node / "etc/shadow").read_text()
    assert lost.main(ask) == 1 and lost.main(answers("\udcff", "\udcff")) == 1
    assert capsys.readouterr().err.count("no text in UTF-8: nothing was changed") == 2
    assert (node / "etc/shadow").read_text() == before


def test_it_says_why_it_cannot(node: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    @contextmanager
    def not_there() -> Iterator[Tree]:
        raise StepFailed("vgchange failed: no volume group HostVG")
        yield

    monkeypatch.setattr(lost, "node_etc", not_there)
    assert lost.main(answers(NEW, NEW)) == 1
    assert "no volume group HostVG" in capsys.readouterr().err


def test_it_is_for_the_medium(node: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Probe, "itself", lambda _probe: Facts(slot="Root"))
    assert lost.main(answers()) == 2
    assert "Start the medium" in capsys.readouterr().err


def test_the_disks_are_those_of_the_one_node() -> None:
    mine = Group(name="HostVG", uuid="a", disks=("/dev/vda", "/dev/vdb"), volumes=("Config", "Data"))
    others = (
        Group(name="HostVG", uuid="b", disks=("/dev/vdc",), volumes=("Data",)),
        Group(name="vg0", uuid="c", volumes=("Config",)),
    )
    assert lost.node_disks(Facts(groups=(*others, mine))) == ("/dev/vda", "/dev/vdb")
    for groups, why in (((), "no node has"), ((mine, mine), "2 nodes have")):
        with pytest.raises(StepFailed, match=why):
            lost.node_disks(Facts(groups=groups))


def test_it_writes_where_the_initrd_mounts_the_changes_of_etc() -> None:
    assert "$NEWROOT/config/overlay/$(echo" in PLACES.read_text() and "$node_store/upper" in PLACES.read_text()
    assert lost.CHANGES == "overlay/etc/upper"

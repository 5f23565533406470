"""What the generator in the image makes of a kernel line: which program opens on which console."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ovirt_tui.autoinstall.request import DESPITE, REPAIR, UNINSTALL, UPGRADES
from ovirt_tui.features.parameter import Word
from ovirt_tui.pages.storage.named import INIT

GENERATOR = Path(__file__).parent.parent / "image/overlay/usr/lib/systemd/system-generators/ovirt-node-generator"
SLOT = "root=live:PARTUUID=5d1b0c5e-03 node.slot=Root"
SWAP = "swap.target.wants/ovirt-node-swap.service -> ovirt-node-swap.service"
LVM = "rules/69-lvm.rules -> null"
MEDIUM = "root=live:CDLABEL=OVIRT-NODE"


def made(folder: Path, line: str, consoles: str = "tty0 ttyS0") -> set[str]:
    """What it links, as `name -> target`, for a kernel line."""
    normal, early = folder / "normal", folder / "early"
    (normal / "x").mkdir(parents=True)
    early.mkdir()
    (folder / "cmdline").write_text(f"{line}\n")
    (folder / "active").write_text(f"{consoles}\n")
    given = (folder / "cmdline", folder / "active", folder / "rules")
    argv = ("/bin/sh", GENERATOR, normal, early, folder / "late", *given)
    subprocess.run(argv, check=True, timeout=30)
    links = [path for path in folder.rglob("*") if path.is_symlink()]
    return {f"{link.relative_to(link.parents[1])} -> {link.readlink().name}" for link in links}


def programs(links: set[str]) -> set[str]:
    """The units that are started."""
    return {link.split("/")[1].split(" ")[0] for link in links if ".wants/" in link}


def default(links: set[str]) -> str:
    """The target of the boot; empty where the image's own default holds."""
    return next((link.split(" -> ")[1] for link in links if "early/default.target" in link), "")


def test_the_medium_opens_the_installer_on_every_console(tmp_path: Path) -> None:
    links = made(tmp_path, MEDIUM, "tty0 ttyS0 ttyS1")
    assert default(links) == "ovirt-node-medium.target"
    assert programs(links) == {f"ovirt-node-install@{tty}.service" for tty in ("tty1", "ttyS0", "ttyS1")}
    assert "early/getty.target -> null" in links


def test_the_screen_counts_though_it_is_no_console(tmp_path: Path) -> None:
    assert programs(made(tmp_path, MEDIUM, "ttyS0")) == {
        "ovirt-node-install@tty1.service",
        "ovirt-node-install@ttyS0.service",
    }


@pytest.mark.parametrize(
    "words",
    [
        *("storage_init=/dev/sda", "storage_init", "storage-init=/dev/sda", "ovirt_init=x", "uninstall", "repair"),
        'x="a storage_init=/dev/sda',
        *('"storage_init=/dev/sda"', 'storage_init="/dev/sda"', 'note="a b" "uninstall" x="c d"', '"uninstall=yes"'),
    ],
)
def test_unattended_words_start_the_unattended_run_too(tmp_path: Path, words: str) -> None:
    assert programs(made(tmp_path, f"{MEDIUM} {words}", "tty0")) == {
        "ovirt-node-install@tty1.service",
        "ovirt-node-autoinstall.service",
    }


@pytest.mark.parametrize("word", [REPAIR, UNINSTALL, DESPITE, *UPGRADES, INIT], ids=lambda word: word.name)
def test_each_word_by_which_a_medium_acts_without_a_person_starts_that_run(tmp_path: Path, word: Word) -> None:
    for name in (word.name, *word.also):
        assert "ovirt-node-autoinstall.service" in programs(made(tmp_path / name, f"{MEDIUM} {name}")), name


@pytest.mark.parametrize(
    "words",
    [
        *("uninstall=0", "repair=off", "uninstall uninstall=no", "uninstalled", 'note="a uninstall storage_init"', "*"),
        *('note="a uninstall b storage_init c" x', 'uninstall="no"', '"uninstall=off"', 'rescue="no"'),
        *("-- storage_init=/dev/sda", "quiet -- uninstall", '"--" rescue'),
    ],
)
def test_other_words_do_not(tmp_path: Path, words: str) -> None:
    assert programs(made(tmp_path, f"{MEDIUM} {words}", "tty0")) == {"ovirt-node-install@tty1.service"}


@pytest.mark.parametrize("base", [MEDIUM, SLOT])
@pytest.mark.parametrize("words", ["rescue", "rescue=1", "rescue storage_init=/dev/sda uninstall"])
def test_rescue_is_a_shell_and_nothing_else(tmp_path: Path, base: str, words: str) -> None:
    links = made(tmp_path, f"{base} {words}")
    assert default(links) == "ovirt-node-rescue.target"
    assert programs(links) == {"ovirt-node-rescue@tty1.service", "ovirt-node-rescue@ttyS0.service"}
    assert "early/rescue.target -> ovirt-node-rescue.target" in links


@pytest.mark.parametrize("words", ["node.dump", "node.dump rescue", "rescue node.dump=1"])
def test_a_node_that_crashed_saves_its_dump_and_opens_nothing(tmp_path: Path, words: str) -> None:
    links = made(tmp_path / "node", f"{SLOT} {words}")
    assert default(links) == "ovirt-node-dump.target"
    assert programs(links) == set() and "early/getty.target -> null" in links
    assert {f"early/{name}.target -> reboot.target" for name in ("emergency", "rescue")} <= links
    assert default(made(tmp_path / "medium", f"{MEDIUM} node.dump")) == "ovirt-node-medium.target"


@pytest.mark.parametrize("words", ["", " rescue=no", " storage_init=/dev/sda", " node.dump=0"])
def test_an_installed_node_boots_as_the_image_says(tmp_path: Path, words: str) -> None:
    assert made(tmp_path, f"{SLOT}{words}") == {LVM, SWAP, "early/ctrl-alt-del.target -> null"}


@pytest.mark.parametrize("words", ["", " rescue"])
def test_ctrl_alt_del_restarts_the_medium_and_no_node(tmp_path: Path, words: str) -> None:
    masked = "early/ctrl-alt-del.target -> null"
    assert masked in made(tmp_path / "node", f"{SLOT}{words}")
    assert masked not in made(tmp_path / "medium", f"{MEDIUM}{words}")


@pytest.mark.parametrize("words", ["", " rescue", " storage_init=/dev/sda", " uninstall"])
def test_no_volume_group_is_activated_because_it_is_there(tmp_path: Path, words: str) -> None:
    assert LVM in made(tmp_path / "medium", f"{MEDIUM}{words}")
    assert LVM in made(tmp_path / "node", f"{SLOT}{words}")

"""Images with keys of a site: what a signed menu lets through, and what refuses an image without such signatures."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootmenu.entries import LIVE_WORDS, NAMING_WORD, SERIAL_WORDS
from bootmenu.node_data import crash_file, group_file, group_in, own_words_file
from bootmenu.signed import ALL, held_back, installed_signed, medium_signed
from image import secure_boot
from image.stage import BuildError
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.records import replace
from ovirt_tui.model.values import KernelWords
from ovirt_tui.pages.boot import words_pass_a_signed_menu
from ovirt_tui.plan import upgrade
from test_upgrade import NEW, SLOTS

MENU = installed_signed()
DISKS = ("node.disk=serial-a0001", "node.disk=mpath-2e", "node.multipath=2e", "node.appdisk=wwn-0x5000c5", "node.iscsi")
OTHERS = ("intel_iommu=on", "hugepages=64", "panic=30", "isolcpus=1-3", "rd.retry=30")
PASS = (*DISKS, NAMING_WORD, *SERIAL_WORDS, *OTHERS)
STOP = (
    *("init=/bin/sh", "rd.break", "rdinit=/bin/sh", "root=/dev/sda", "node.verity=00", "systemd.unit=rescue.target"),
    *("rd.shell", "systemd.debug_shell=ttyS1", "module_blacklist=x", "lsm=", "lockdown=none", "single", "1", "rescue"),
    *("node.trial=1", "console=tty0 init=/bin/sh", "quiet\ninit=/bin/sh", 'video="x y"', "", "node.slot=Root"),
    *("rd.timeout=x", "panic=", "node.disk=a;b", "node.disk=$x", "node.disk=a'b"),
)


def grub_takes(line: str) -> bool:
    """What GRUB's regexp says, which reads the extended expressions of POSIX, as grep does."""
    done = subprocess.run(("grep", "-qzE", "--", ALL), input=f"{line}\0", text=True, check=False, timeout=30)
    return done.returncode == 0


@pytest.mark.parametrize("word", PASS)
def test_what_an_installation_says_is_let_through(word: str) -> None:
    assert not held_back((word,)) and grub_takes(word)


@pytest.mark.parametrize("word", STOP)
def test_what_could_start_something_else_is_not(word: str) -> None:
    assert held_back((word,)) == (word,)
    assert word in ("", "console=tty0 init=/bin/sh") or not grub_takes(f"quiet {word}")


def test_grub_takes_all_words_or_none() -> None:
    assert grub_takes("") and grub_takes(" ".join(PASS))
    for bad in filter(None, STOP):
        assert not grub_takes(" ".join((*PASS, bad)))


@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters="\0\n"), max_size=20), max_size=4))
def test_a_line_that_grub_takes_has_only_words_that_pass(words: list[str]) -> None:
    line = " ".join(words)
    assert bool(re.fullmatch(ALL, line)) <= (not held_back(line.split()))


def test_nothing_that_is_not_signed_is_run_or_decides() -> None:
    for menu in (MENU, medium_signed(LIVE_WORDS)):
        assert "password" not in menu and "set superusers=admin\n" in menu
        assert menu.count("menuentry ") + menu.count("submenu ") == menu.count(" --unrestricted {")
    assert "source $prefix/" not in MENU.replace("source $prefix/Root.cfg", "").replace(
        "source $prefix/RootBackup.cfg", ""
    )
    for line in MENU.splitlines():
        if "load_env" in line and "--skip-sig" not in line:
            assert "/words" in line, "only the words of an image are signed"
    assert (
        MENU.count("if load_env --file /words words; then")
        == MENU.count("menuentry ")
        == MENU.count("if initrd /initrd.img")
    )


def test_a_menu_that_is_not_signed_does_not_ask_for_signatures() -> None:
    """GRUB of the site asks by itself, and a word of a variable that nobody checked is in no line."""
    for name in re.findall(r"\$(\w+)", next(line for line in MENU.splitlines() if line.startswith("  linux"))):
        checked = f'"${name}"; then' in MENU
        assert checked or name in ("partition", "words", "emergency", "panic", "trial"), name


def test_files_of_a_node_are_data_and_scripts_alike() -> None:
    for text in (
        group_file("u-1")[1],
        group_file("u-1", "u-2")[1],
        crash_file("crashkernel=256M")[1],
        own_words_file(("a=b",))[1],
    ):
        assert text.startswith("# GRUB Environment Block\n")
        done = subprocess.run(
            ("grub-script-check",), input=text, text=True, capture_output=True, timeout=30, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "text", ["set group=u-1\n", "set group=u-1\nset app=node.app=u-2\n", group_file("u-1", "u-2")[1]]
)
def test_a_node_is_known_by_the_group_in_its_menu(text: str) -> None:
    assert group_in(text) == "u-1"
    assert group_in(text[:-1]) == group_in(f"x{text}") == group_in("") == ""


def test_a_word_that_the_menu_holds_back_is_refused_by_name() -> None:
    config = defaults().put("boot.words", KernelWords("quiet sysrq_always_enabled"))
    signed = Facts(efi=True, signed_menu=True)
    (problem,) = words_pass_a_signed_menu(config, signed)
    assert (
        problem.path == "boot.words"
        and "sysrq_always_enabled" in str(problem.reason)
        and "quiet" not in str(problem.reason)
    )
    assert not [*words_pass_a_signed_menu(config, replace(signed, efi=False))]
    assert not [*words_pass_a_signed_menu(config, replace(signed, signed_menu=False))]


def test_an_image_that_such_a_menu_does_not_start_is_refused_before_it_is_written() -> None:
    signed = replace(SLOTS, signed_menu=True)
    assert [each.kind.code for each in upgrade.objections(NEW, signed, "oVirt Node")] == ["image-not-for-signed-menu"]
    assert not [*upgrade.objections(replace(NEW, signed_menu=True), signed, "oVirt Node")]
    assert not [*upgrade.objections(replace(NEW, signed_menu=True), SLOTS, "oVirt Node")]
    assert upgrade.NOT_FOR_THIS_MENU not in upgrade.INSISTS, "nothing makes such a menu start it"


@pytest.mark.parametrize("missing", ["boot.key", "boot.crt", "boot.pgp"])
def test_keys_that_are_missing_are_named(tmp_path: Path, missing: str) -> None:
    for name in {"boot.key", "boot.crt", "boot.pgp"} - {missing}:
        (tmp_path / name).touch()
    with pytest.raises(BuildError, match=f"has no {missing}"):
        secure_boot.keys_in(tmp_path)

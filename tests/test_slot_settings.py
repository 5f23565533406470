"""The settings of one slot are copied for the other: whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from ovirt_tui.system import StepFailed, silent, slot_settings
from ovirt_tui.system.disk_steps import SharedPlaces, SlotSettings
from ovirt_tui.system.persistent import OF_SLOT, PLACES, WITHIN, earlier, listing, store
from ovirt_tui.system.probe import Probe
from ovirt_tui.system.slot_settings import SharedPlacesApart, SlotsSettings, kept, same
from ovirt_tui.system.tree import Tree

STEP = SlotSettings("RootBackup")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A volume Config with the settings of the running slot Root."""
    monkeypatch.setattr(Probe, "slot", lambda _probe: "Root")
    upper = tmp_path / "config/slots/Root/etc/upper"
    (upper / "ovirt-node").mkdir(parents=True)
    (upper.parent / "work").mkdir()
    (upper / "hostname").write_text("node1\n")
    (upper / "shadow").write_text("admin:$6$x:1::::::\n")
    (upper / "shadow").chmod(0o640)
    (upper / "localtime").symlink_to("/usr/share/zoneinfo/Etc/UTC")
    (upper / "ovirt-node").chmod(0o750)
    return tmp_path / "config"


def settings(config: Path, slot: str) -> Path:
    return config / store("/etc", slot) / "upper"


def test_they_are_the_same_afterwards_and_then_each_its_own(config: Path) -> None:
    handler = SlotsSettings(Tree(config.parent, live=False))
    assert not handler.holds(STEP)
    handler.make(STEP, silent)
    assert handler.holds(STEP)
    other = settings(config, "RootBackup")
    assert (other / "shadow").stat().st_mode & 0o777 == 0o640 and (other / "localtime").is_symlink()
    assert (other.parent / "work").is_dir()
    (other / "hostname").write_text("node2\n")
    assert not handler.holds(STEP)
    assert (settings(config, "Root") / "hostname").read_text() == "node1\n"


def test_what_the_slot_had_before_is_gone(config: Path) -> None:
    old = settings(config, "RootBackup")
    old.mkdir(parents=True)
    (old / "passwd").write_text("old\n")
    left = old.parent.with_name("etc.new")
    left.mkdir()
    (left / "half").touch()
    SlotsSettings(Tree(config.parent, live=False)).make(STEP, silent)
    assert same(settings(config, "Root"), settings(config, "RootBackup")) and not left.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda upper: (upper / "more").touch(),
        lambda upper: (upper / "hostname").unlink(),
        lambda upper: (upper / "hostname").write_text("node9\n"),
        lambda upper: (upper / "shadow").chmod(0o644),
        lambda upper: os.utime(upper / "hostname"),
    ],
)
def test_every_difference_but_a_time_is_one(change: object, config: Path) -> None:
    SlotsSettings(Tree(config.parent, live=False)).make(STEP, silent)
    other = settings(config, "RootBackup")
    change(other)  # type: ignore[operator]
    only_time = (other / "hostname").exists() and not (other / "more").exists()
    only_time = only_time and (other / "hostname").read_text() == "node1\n"
    only_time = only_time and (other / "shadow").stat().st_mode & 0o777 == 0o640
    assert same(settings(config, "Root"), other) == only_time


def test_without_room_nothing_is_lost(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = settings(config, "RootBackup")
    old.mkdir(parents=True)
    (old / "passwd").write_text("old\n")
    usage = shutil.disk_usage(config)
    monkeypatch.setattr(slot_settings.shutil, "disk_usage", lambda _path: usage._replace(free=4096))
    with pytest.raises(StepFailed, match="Config has room for 0 KiB more"):
        SlotsSettings(Tree(config.parent, live=False)).make(STEP, silent)
    assert (old / "passwd").read_text() == "old\n"


def test_half_a_copy_of_before_takes_no_room_from_the_next(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power went while the settings were copied: on a Config that is nearly full no upgrade would fit again."""
    left = settings(config, "RootBackup").parent.with_name("etc.new")
    left.mkdir(parents=True)
    (left / "half").write_text("half")
    usage, room = shutil.disk_usage(config), slot_settings.SPARE + (1 << 20)
    monkeypatch.setattr(
        slot_settings.shutil, "disk_usage", lambda _path: usage._replace(free=4096 if left.exists() else room)
    )
    SlotsSettings(Tree(config.parent, live=False)).make(STEP, silent)
    assert same(settings(config, "Root"), settings(config, "RootBackup"))


def test_settings_that_cannot_be_read_are_a_reason_and_no_mistake(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(_folder: Path) -> bool:
        raise OSError(errno.EUCLEAN, "Structure needs cleaning")

    monkeypatch.setattr(Path, "is_dir", damaged)
    handler = SlotsSettings(Tree(config.parent, live=False))
    for look in (lambda: handler.holds(STEP), lambda: handler.make(STEP, silent)):
        with pytest.raises(StepFailed, match="the settings of Root cannot be read: Structure needs cleaning"):
            look()


def test_a_failing_copy_leaves_nothing_that_could_be_taken_for_settings(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_argv: tuple[str, ...], **_named: object) -> str:
        raise StepFailed("cp failed")

    monkeypatch.setattr(slot_settings, "run", fails)
    with pytest.raises(StepFailed, match="cp failed"):
        SlotsSettings(Tree(config.parent, live=False)).make(STEP, silent)
    assert not (config / "slots/RootBackup/etc").exists() and not (config / "slots/RootBackup/etc.new").exists()


def test_the_running_slot_is_never_written(config: Path) -> None:
    with pytest.raises(StepFailed, match="running slot"):
        SlotsSettings(Tree(config.parent, live=False)).make(SlotSettings("Root"), silent)
    assert (settings(config, "Root") / "hostname").exists()


@pytest.mark.root
def test_what_an_overlay_knows_a_removed_file_by_is_copied(config: Path) -> None:
    upper = settings(config, "Root")
    os.mknod(upper / "removed", 0o20000, os.makedev(0, 0))
    os.setxattr(upper / "ovirt-node", "trusted.overlay.opaque", b"y")
    SlotsSettings(Tree(config.parent, live=False)).make(STEP, silent)
    other = settings(config, "RootBackup")
    assert (other / "removed").is_char_device() and (other / "removed").stat().st_rdev == 0
    assert os.getxattr(other / "ovirt-node", "trusted.overlay.opaque") == b"y"
    os.removexattr(other / "ovirt-node", "trusted.overlay.opaque")
    assert not same(upper, other)


def test_each_slot_has_settings_of_its_own_and_guests_are_shared() -> None:
    assert OF_SLOT == ("/etc",)
    assert store("/etc", "Root") != store("/etc", "RootBackup")
    for place in PLACES:
        if place not in OF_SLOT:
            assert store(place, "Root") == store(place, "RootBackup")
    assert "/etc slot\n/etc/libvirt/qemu\n" in listing()
    for place in PLACES:
        inside = [each for each in PLACES if place.startswith(f"{each}/")]
        assert all(PLACES.index(each) < PLACES.index(place) for each in inside), "mounted after what it is in"


@pytest.fixture
def before(config: Path) -> Path:
    """A volume Config of an image before each slot had settings of its own, with a guest among these."""
    (config / "overlay").mkdir()
    (config / "slots/Root/etc").rename(config / earlier("/etc"))
    guests = config / earlier("/etc") / "upper/libvirt/qemu"
    guests.mkdir(parents=True)
    (guests / "web.xml").write_text("<domain/>\n")
    return config


def test_settings_of_an_image_before_are_copied_and_stay_where_it_finds_them(before: Path) -> None:
    assert kept(before, "/etc", "Root") == before / earlier("/etc")
    handler = SlotsSettings(Tree(before.parent, live=False))
    handler.make(STEP, silent)
    assert handler.holds(STEP) and (settings(before, "RootBackup") / "hostname").read_text() == "node1\n"
    assert (before / earlier("/etc") / "upper/hostname").exists() and not (before / "slots/Root/etc").exists()
    assert kept(before, "/etc", "RootBackup") == before / store("/etc", "RootBackup")


def test_settings_of_an_image_before_go_once_another_is_in_its_slot(
    before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, upgraded = SlotsSettings(Tree(before.parent, live=False)), SlotSettings("Root")
    handler.make(STEP, silent)
    monkeypatch.setattr(Probe, "slot", lambda _probe: "RootBackup")
    (settings(before, "RootBackup") / "hostname").write_text("node2\n")
    assert not handler.holds(upgraded)
    handler.make(upgraded, silent)
    assert handler.holds(upgraded) and (settings(before, "Root") / "hostname").read_text() == "node2\n"
    assert not (before / earlier("/etc")).exists()
    (before / earlier("/etc")).mkdir()
    assert not handler.holds(upgraded), "what is left of it is no settings, and still holds secrets"


def test_what_all_images_share_is_taken_out_and_nothing_of_it_is_lost(before: Path) -> None:
    handler, step = SharedPlacesApart(Tree(before.parent, live=False)), SharedPlaces()
    apart = before / earlier("/etc/libvirt/qemu")
    assert not handler.holds(step)
    handler.make(step, silent)
    assert handler.holds(step) and (apart / "upper/web.xml").read_text() == "<domain/>\n" and (apart / "work").is_dir()
    (apart / "upper/newer.xml").write_text("<domain/>\n")
    handler.make(step, silent)
    assert handler.holds(step) and not (apart / "upper/newer.xml").exists()
    assert apart.with_name("etc-libvirt-qemu.before").joinpath("upper/newer.xml").exists()
    assert (before / earlier("/etc") / "upper/libvirt/qemu/web.xml").exists(), "the image of before finds it there"
    assert not (before / earlier("/etc/libvirt/secrets")).exists()


def test_a_link_in_place_of_guests_is_not_followed(before: Path, tmp_path: Path) -> None:
    guests = before / earlier("/etc") / "upper/libvirt/qemu"
    shutil.rmtree(guests)
    guests.symlink_to(tmp_path)
    handler = SharedPlacesApart(Tree(before.parent, live=False))
    assert handler.holds(SharedPlaces())
    handler.make(SharedPlaces(), silent)
    assert not (before / earlier("/etc/libvirt/qemu")).exists()


def test_what_all_images_share_within_the_settings() -> None:
    assert WITHIN == ("/etc/libvirt/qemu", "/etc/libvirt/storage", "/etc/libvirt/secrets")

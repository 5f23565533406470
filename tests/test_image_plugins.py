"""The plug-ins of the image: what they name of the system, and how they get into the tree."""

from __future__ import annotations

from pathlib import Path

from house import ROOT
from image import plugins
from image.debian.family import HERE
from image.stage import listed
from ovirt_tui.features.plugins import entries


def test_each_folder_is_a_package_with_lists_of_what_it_needs() -> None:
    assert [each.name for each in plugins.plugins()] == ["snmp"]
    assert "snmpd" in plugins.named("debian/packages") and plugins.named("debian/nothing") == []
    assert set(plugins.named("debian/kept")) <= set(listed(HERE / "purged")), "all else stays anyhow"
    assert [folder.relative_to(ROOT) for folder in plugins.overlays()] == [Path("plugins/snmp/image/overlay")]


def test_they_are_installed_and_nothing_tells_where_they_were_built(tmp_path: Path) -> None:
    tree, work = tmp_path / "tree", tmp_path / "work"
    tree.mkdir()
    plugins.install(tree, work)
    assert [each.name for each in entries((str(tree),))] == ["snmp"]
    files = [path for path in tree.rglob("*") if path.is_file()]
    assert (tree / "node_snmp.py") in files and not (tree / "image").exists()
    assert [path for path in files if str(tmp_path) in path.read_text()] == []
    assert not (ROOT / "plugins/snmp/build").exists(), "pip builds in a copy"


def test_a_service_of_a_plug_in_is_enabled_as_ours_are_and_waits_for_its_file() -> None:
    units = [unit for folder in plugins.overlays() for unit in folder.rglob("*.service")]
    assert units and all(unit.name.startswith("ovirt-node-") for unit in units)
    assert all("\nConditionPathExists=/etc/ovirt-node/" in unit.read_text() for unit in units)

"""Problems are data: programs ask for their kind, and only who reads them makes sentences of them."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import ovirt_tui
from machines import MACHINES
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.model import problems
from ovirt_tui.model.problems import Kind, Problem

APART = (
    "ovirt_tui.__main__",
    "ovirt_tui.system.blivet_process",
    "ovirt_tui.system.rescue_gate",
    "ovirt_tui.system.lost_password",
)
"""What is a program."""


def kinds() -> list[Kind]:
    names = [each.name for each in pkgutil.walk_packages(ovirt_tui.__path__, "ovirt_tui.")]
    modules = [importlib.import_module(name) for name in names if name not in APART]
    found = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Kind)}
    return list(found.values())


def test_no_two_kinds_have_one_code() -> None:
    codes = [kind.code for kind in kinds()]
    assert len(codes) > 20
    assert sorted(codes) == sorted(set(codes))


def test_problems_are_equal_by_kind_and_values() -> None:
    kind = Kind("a", "{name} is wrong")
    assert Problem("x.y", kind(name="it")) == Problem("x.y", kind(name="it"))
    assert Problem("x.y", kind(name="it")) != Problem("x.y", kind(name="that"))
    assert Problem("x.y", kind(name="it")).text == "it is wrong"


def test_one_of_them_has_a_sentence_of_its_own() -> None:
    kind = Kind("a", "{count} disks are", "a disk is")
    assert (str(kind(count=1)), str(kind(count=2))) == ("a disk is", "2 disks are")


def test_a_translation_in_another_order_loses_no_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lets a disk be used all the same is offered in every language."""
    line = "storage_init=/dev/vda BOOTIF=link adminpw=$6$abcdefgh$" + "a" * 86

    def ways() -> list[tuple[str, ...]]:
        found = understand(read(line), MACHINES["foreign-group"])
        return [each.details for each in found.complaints if each.parameter == "storage_init"]

    before = ways()
    assert any(before), "the machine does not object"
    monkeypatch.setattr(problems, "_", lambda text: " ".join(reversed(text.split())))
    assert ways() == before

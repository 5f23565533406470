"""Problems are data: programs ask for their kind, and only who reads them makes sentences of them."""

from __future__ import annotations

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import ovirt_tui
from machines import MACHINES
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.model import problems
from ovirt_tui.model.problems import Kind, Problem

ROOT = Path(ovirt_tui.__file__).parent
APART = ("system.blivet_process", "system.rescue_gate", "system.lost_password")
"""What is a program, and does its work where it is imported."""
DECIDING = ("model", "features", "pages", "autoinstall")
"""Rooms that find problems, and show none."""
OF_A_TYPE = "what a type takes is its one sentence; whoever refuses a text carries it in the kind FORM"
OF_A_PAGE = "what stands on a page is shown there at once, and decides nothing"
SAID = {
    "model/problems.py: Reason.__str__": "here it is that a sentence is made",
    "model/problems.py: Phrase.__str__": "so are its parts",
    "model/values.py: first_that_takes": OF_A_TYPE,
    "model/values.py: describe": OF_A_TYPE,
    "model/plain.py: _part": OF_A_TYPE,
    "model/plain.py: form": OF_A_TYPE,
    "model/plain.py: _form": OF_A_TYPE,
    "model/certificates.py: Certificate.__new__": OF_A_TYPE,
    "model/fingerprints.py: Fingerprint.__new__": OF_A_TYPE,
    "model/public_keys.py: _words": OF_A_TYPE,
    "model/public_keys.py: _no_type": OF_A_TYPE,
    "model/public_keys.py: _decoded": OF_A_TYPE,
    "model/public_keys.py: _check": OF_A_TYPE,
    "model/public_keys.py: _check_rsa": OF_A_TYPE,
    "model/selectors.py: DiskName.__new__": OF_A_TYPE,
    **{f"pages/engine/page.py: {name}": OF_A_PAGE for name in ("standing", "pending", "fetched", "described")},
    **{f"pages/management/page.py: {name}": OF_A_PAGE for name in ("standing", "fetched")},
    "model/selectors.py: _read": OF_A_TYPE,
    "model/selectors.py: _criterion": OF_A_TYPE,
    "pages/firewall/feature.py: opened": OF_A_PAGE,
    "pages/firewall/feature.py: compared": OF_A_PAGE,
    **{f"pages/image.py: {name}": OF_A_PAGE for name in ("signed", "checked", "trusted")},
    "pages/kdump/server.py: ask_host_key": OF_A_PAGE,
    "pages/kdump/state.py: ready": OF_A_PAGE,
    "pages/kdump/state.py: _prepared": OF_A_PAGE,
    "pages/kdump/state.py: own_key": OF_A_PAGE,
    "pages/kdump/state.py: last": OF_A_PAGE,
    "pages/kdump/state.py: kept": OF_A_PAGE,
    "pages/monitoring.py: named_by_dns": OF_A_PAGE,
    "pages/network/page.py: line": OF_A_PAGE,
    "pages/network/page.py: about": OF_A_PAGE,
    "pages/network/page.py: nics": OF_A_PAGE,
    "pages/performance/page.py: about": OF_A_PAGE,
    "pages/performance/page.py: profiles": OF_A_PAGE,
    "pages/performance/page.py: reserved": OF_A_PAGE,
    "pages/performance/page.py: swap": OF_A_PAGE,
    "pages/remote/first_page.py: log_in": OF_A_PAGE,
    "pages/remote/live.py: initiator": OF_A_PAGE,
    "pages/remote/live.py: multipath": OF_A_PAGE,
    "pages/remote/live.py: _maps": OF_A_PAGE,
    "pages/remote/live.py: sessions": OF_A_PAGE,
    **{f"pages/persistence.py: {name}": OF_A_PAGE for name in ("_found", "kept", "lost", "room", "ask_kept")},
    "pages/remote/discovery.py: discover": OF_A_PAGE,
    "pages/remote/discovery.py: _ways": OF_A_PAGE,
    "pages/status.py: beside": OF_A_PAGE,
    "pages/status.py: registered": OF_A_PAGE,
    "pages/status.py: running": OF_A_PAGE,
    "pages/status.py: slot": OF_A_PAGE,
    "pages/status.py: virtualization": OF_A_PAGE,
    "pages/status.py: addresses": OF_A_PAGE,
    "pages/status.py: host": OF_A_PAGE,
    "pages/status.py: compared": OF_A_PAGE,
    "pages/storage/disk_list.py: details": OF_A_PAGE,
    "pages/storage/disk_list.py: identity": OF_A_PAGE,
    "pages/storage/volumes.py: becomes": OF_A_PAGE,
    "pages/storage/volumes.py: room": OF_A_PAGE,
    "pages/welcome.py: machine": OF_A_PAGE,
    "pages/welcome.py: already": OF_A_PAGE,
    "pages/welcome.py: upgrades": OF_A_PAGE,
    "pages/welcome.py: repairs": OF_A_PAGE,
    "pages/welcome.py: removal": OF_A_PAGE,
    "pages/welcome.py: offers_for": OF_A_PAGE,
    "autoinstall/answers.py: _row": "a comment in the answer file that is written",
    "autoinstall/cmdline.py: Complaint.message": "what is shown of a complaint, with what was got and expected",
}
"""Where these rooms translate a text all the same, and why."""


def calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    """Every call of *name* in *node*."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == name:
            yield each


def parts(module: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """What a module consists of, by its name: functions, also those of classes, and what is in none."""
    for each in module.body:
        inside = each.body if isinstance(each, ast.ClassDef) else [each]
        outer = f"{each.name}." if isinstance(each, ast.ClassDef) else ""
        for part in inside:
            yield f"{outer}{part.name}" if isinstance(part, ast.FunctionDef) else "", part


MODULES = {path.relative_to(ROOT): ast.parse(path.read_text()) for path in sorted(ROOT.rglob("*.py"))}
MADE = [(name, call) for module in MODULES.values() for name, part in parts(module) for call in calls(part, "Kind")]
"""Each place that makes a kind, and the function that it is in."""


def test_every_kind_has_a_code_of_its_own_and_a_text_that_is_translated() -> None:
    assert len(MADE) > 150
    for function, call in MADE:
        said = ast.unparse(call)
        assert not function and not call.keywords, f"a kind is made once, when its module is read: {said}"
        assert isinstance(call.args[0], ast.Constant), f"a code is written down: {said}"
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", str(call.args[0].value)), said
        for text in call.args[1:]:
            assert ast.unparse(text).startswith("N_("), f"nobody can translate {said}"
    codes = Counter(ast.literal_eval(call.args[0]) for _function, call in MADE)
    assert [code for code, count in codes.items() if count > 1] == []


def names_in(*texts: str) -> set[str]:
    """The names in braces."""
    return {name for text in texts for _before, name, _form, _as in Formatter().parse(text) if name}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_reason_has_the_values_that_its_text_names(path: Path) -> None:
    name = ".".join(("ovirt_tui", *path.with_suffix("").parts)).removesuffix(".__init__")
    if name.removeprefix("ovirt_tui.") in APART:
        return
    kinds = {key: value for key, value in vars(importlib.import_module(name)).items() if isinstance(value, Kind)}
    for key, kind in kinds.items():
        for call in calls(MODULES[path], key):
            given = {each.arg for each in call.keywords}
            assert given == names_in(kind.text, kind.one) | ({"count"} if kind.one else set()), ast.unparse(call)


def test_who_decides_makes_no_sentences() -> None:
    found = {
        f"{path}: {function}"
        for path, module in MODULES.items()
        if path.parts[0] in DECIDING
        for function, part in parts(module)
        for _call in calls(part, "_")
    }
    assert found == set(SAID)


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

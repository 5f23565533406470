"""Text from outside cannot talk to a terminal: not on a page, in a plan, on a console or in the journal."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machines import MACHINES, PLAIN, disk, with_
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.cli import documents, json_report, plan_report, report
from ovirt_tui.cli.places import CMDLINE
from ovirt_tui.cli.unattended import autoinstall
from ovirt_tui.machine import facts as facts_module
from ovirt_tui.machine.facts import Disk, Facts, Group, Part, dump, load
from ovirt_tui.machine.untrusted import LONGEST, escaped, lines, shortened
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.system import StepFailed
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.ui.display import cells
from person import at_installer, at_setup

FORGED = "ovirt-node: installation is complete"
HOSTILE = (
    *("\x1b[2J\x1b]0;x\x07", f"\r\n{FORGED}", "\x9b2J", "\x85", "\x7f", "a\u202egpj.exe", "\u2066x\u2069"),
    *("\u200bx\ufeff", f"a\u2028{FORGED}\u2029", "\udc9b", "\ue000", "\U000e0041"),
    *("e" + "\u0301" * 40, "\u3164", "\n" * 300, "\0"),
)  # fmt: skip
LINE = "storage_init=/dev/vda BOOTIF=eth0 adminpw=$6$salt$hash"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Données 文書 Жесткий", "Données 文書 Жесткий"),
        (r"C:\new", r"C:\new"),
        ("\x1b[2J\x9b\x7f\x00", r"\x1b[2J\x9b\x7f\x00"),
        ("a\nb\u2028c\u202ed\u2066\u200e\ufeff", r"a\x0ab\u2028c\u202ed\u2066\u200e\ufeff"),
        ("\udc9b\ue000\U000e0041\u0378", r"\udc9b\ue000\U000e0041\u0378"),
        ("e\u0301\u3164\u00a0", r"e\u0301\u3164\xa0"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert escaped(text) == shown
    assert escaped(shown) == shown
    assert lines(f"{text}\tx".replace("\n", "")) == f"{escaped(text.replace(chr(10), ''))}\tx"


@given(st.text())
def test_escaped_text_is_printable_and_stays_as_it_is(text: str) -> None:
    assert escaped(text).isprintable()
    assert escaped(escaped(text)) == escaped(text)
    assert len(shortened(text * 9)) <= LONGEST and shortened(shortened(text)) == shortened(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_of_a_fact_is_escaped_however_it_is_made(text: str) -> None:
    part = Part(path="/dev/vda1", mib=1, label=text, name=text, uses=(text,))
    made = Facts(disks=(Disk(path="/dev/vda", mib=1, model=text, serial=text, parts=(part,)),), hostname=text)
    for known in (
        made,
        load(json.dumps(asdict(made)).replace(json.dumps(escaped(text))[1:-1], json.dumps(text)[1:-1])),
    ):
        said = dump(known)
        assert said.replace("\n", "").isprintable()
        assert known.disks[0].serial == escaped(text)


def test_everything_that_is_made_of_text_in_facts_is_a_fact() -> None:
    made = [kind for kind in vars(facts_module).values() if isinstance(kind, type) and is_dataclass(kind)]
    assert len(made) > 5
    assert all(issubclass(kind, facts_module.Fact) for kind in made)


def test_what_is_only_shown_is_cut_and_what_is_compared_is_not() -> None:
    found = Disk(path="/dev/vda", mib=1, model="m" * 999, serial="s" * 999)
    assert (len(found.model), len(found.serial)) == (LONGEST, 999)
    tags = ("x" * 999 + "storage_domain",)
    assert Group(name="vg", tags=tags).tags == tags


def test_a_disk_with_an_odd_serial_is_chosen_by_what_is_shown_or_by_what_it_is() -> None:
    odd = "A\u202e1"
    facts = with_(disks=(disk("/dev/vda", 20, serial=odd), disk("/dev/vdb", 20)))
    for typed in (odd, escaped(odd)):
        found = understand(read(f"storage_init=virtio:{typed} BOOTIF=eth0 adminpw=$6$salt$hash"), facts)
        assert (found.complaints, found.draft.resolved[Storage].boot_disk) == ((), "/dev/vda")


def hostile_disk(text: str) -> Facts:
    parts = (Part(path="/dev/vda1", mib=9, kind="ext4", label=text), Part(path="/dev/vda2", mib=9, name=text))
    return with_(disks=(disk("/dev/vda", 20, model=text, parts=parts),))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_label_forges_a_line_on_a_console_or_in_the_journal(text: str) -> None:
    system = FakeSystem(hostile_disk(text), files={CMDLINE: LINE})
    said: list[str] = []
    assert autoinstall(system, said.append).status == 0
    for told in (said, system.lines):
        assert all(line.isprintable() for line in told)
        assert told.count(FORGED) == 1


def test_a_failure_is_one_line_whatever_a_program_said() -> None:
    failure = StepFailed(f"mount failed: \x1b[2J\n{FORGED}", f"said\n\x9b\u2028{FORGED}\n")
    assert str(failure) == rf"mount failed: \x1b[2J\x0a{FORGED}"
    assert failure.output == f"said\n\\x9b\\u2028{FORGED}\n"


def test_a_line_of_the_boot_loader_forges_nothing() -> None:
    (complaint,) = read(f'hostname="a\n{FORGED}"').complaints
    assert "\n" not in str(complaint)


SCRIPT = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/say"


@pytest.mark.parametrize(
    "text", [f"x\n{FORGED[12:]}", f"x\\n{FORGED}", f"x\r{FORGED}", "\x1b[2Jx", "\x9bx", "-n x", "\\c"]
)
def test_the_script_that_speaks_prints_one_line(text: str) -> None:
    said = subprocess.run(("sh", SCRIPT, text, os.devnull), capture_output=True, timeout=30, check=False).stdout
    first, rest = said.split(b"\n")
    assert rest == b""
    assert first.startswith(b"ovirt-node: ") and first.decode().isprintable()


def test_what_is_typed_cannot_talk_to_the_terminal_either() -> None:
    found = cells([(None, None, "a\x1b\x9b\u202e\u2028".encode())], "utf-8")
    assert found is None or "".join(letter for _attribute, letter in found).startswith("a??")


OURS = ("rotational", "state", "virtualization", "os_id")
"""Words of this program's own, and the one that the image was built with."""
TEXT = st.sampled_from(HOSTILE) | st.text(max_size=40)


def texts(value: Any) -> set[str]:
    """Every text in a JSON value that is no key."""
    if isinstance(value, dict):
        return set().union(*(texts(part) for name, part in value.items() if name not in OURS))
    if isinstance(value, list):
        return set().union(*map(texts, value))
    return {value} if isinstance(value, str) and value else set()


def spoiled(value: Any, by: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: part if name in OURS else spoiled(part, by) for name, part in value.items()}
    if isinstance(value, list):
        return [spoiled(part, by) for part in value]
    return by.get(value, value) if isinstance(value, str) else value


@st.composite
def hostile_machines(draw: st.DrawFn) -> Facts:
    """A machine on which any texts are others: the same everywhere, so that what belongs together still does."""
    known = json.loads(dump(MACHINES[draw(st.sampled_from(sorted(MACHINES)))]))
    found = sorted(texts(known))
    by = draw(st.dictionaries(st.sampled_from(found), TEXT, max_size=len(found)))
    return load(json.dumps(spoiled(known, by)))


@settings(max_examples=int(os.environ.get("EXAMPLES", "15")))
@given(hostile_machines())
def test_no_machine_talks_to_the_terminal(facts: Facts) -> None:
    said = []
    for line in ("", LINE, "storage_init", "uninstall"):
        found = understand(read(line), facts)
        said += [
            *report.check(found),
            documents.text(json_report.checked(found)),
            documents.text(plan_report.planned_for(found)),
            *report.problems(found),
            *([] if found.complaints else plan_report.plan(found)),
        ]
    person, installer = at_installer(facts)
    installer.draft.put("storage.boot_disk", facts.disks[0].path if facts.disks else "")
    known = {name for each in facts.disks for name in (each.path, *each.links)}
    chosen = str(installer.draft.config[Storage].boot_disk) in known
    for page in installer.all:
        if chosen or "storage.root" not in page.paths():  # without a disk there are no sizes to show
            installer.open(page)
            said.append(person.screen())
    person, setup = at_setup(facts)
    for index in range(len(setup.pages)):
        setup.open(index)
        said.append(person.screen())
    for text in said:
        assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("label", ["文" * 60, "x" * LONGEST, "\u2e80", "a" * 75 + "文"])
def test_a_long_or_wide_label_fits_on_a_button(label: str) -> None:
    person, _installer = at_installer(PLAIN)
    person.window.pick("Save the log", "Where?", [(label, lambda: None), ("another", lambda: None)])
    assert "another" in person.screen()
    person.press("down", "up")
    assert "[>" in person.screen()


def test_what_a_program_prints_is_escaped_where_pages_read_it() -> None:
    person, _setup = at_setup(PLAIN, guests=("web\x1b[2J\u202e1",))
    assert r"web\x1b[2J\u202e1" in person.screen()

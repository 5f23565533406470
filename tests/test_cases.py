"""Golden cases: a machine and a kernel line give a plan, or problems.  pytest --accept rewrites what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from machines import MACHINES
from ovirt_tui import report
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def outcome(machine: str, line: str) -> list[str]:
    """What plan prints."""
    found = understand(read(line), MACHINES[machine])
    return report.problems(found) if found.complaints else [*report.notes(found), *report.plan(found)]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, request: pytest.FixtureRequest) -> None:
    machine, line, *expected = path.read_text().splitlines()
    said = "\n".join(outcome(machine.removeprefix("machine: "), line.removeprefix("cmdline: "))).splitlines()
    if request.config.getoption("--accept"):
        path.write_text("\n".join((machine, line, "", *said)) + "\n")
    else:
        assert said == expected[1:]
    assert not any("hunter" in text or "secret" in text for text in said)


def test_there_are_cases() -> None:
    assert len(CASES) > 40

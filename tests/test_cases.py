"""Golden cases: a machine and a kernel line give a plan, with all that it writes, or problems.

What most plans write alike stands once in cases/files/, and a plan names it.  pytest --accept rewrites what is
expected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile
from pathlib import Path

import pytest

import step_contents
from machines import MACHINES
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import Understood, understand
from ovirt_tui.cli import plan_report, report
from ovirt_tui.system.steps import Step
from step_contents import folded, golden, shown, texts, whole

FOLDER = Path(__file__).parent / "cases"
FILES = FOLDER / step_contents.FOLDER
CASES = sorted(FOLDER.glob("*.txt"))
MACHINE, LINE, MORE = "machine: ", "cmdline: ", "  "


def asked(path: Path) -> tuple[str, str]:
    """The machine and the kernel line of a case; a long one has one word a line."""
    machine, line, *rest = takewhile(bool, path.read_text().splitlines())
    return machine.removeprefix(MACHINE), " ".join((line.removeprefix(LINE), *(word[len(MORE) :] for word in rest)))


def question(machine: str, line: str) -> list[str]:
    """How a case is written down."""
    return [f"{MACHINE}{machine}", *folded(line, LINE, MORE), ""]


@cache
def of(path: Path) -> Understood:
    """What the case is understood as."""
    machine, line = asked(path)
    return understand(read(line), MACHINES[machine])


def steps(found: Understood) -> Iterator[Step]:
    """Every step of the plan; none while something is wrong."""
    for each in () if found.complaints else plan_report.steps(found):
        yield from each.steps


@cache
def alike() -> dict[str, str]:
    """The texts that more than half of the plans write, by what they are."""
    plans = [dict(each for step in made for each in texts(step)) for path in CASES if (made := [*steps(of(path))])]
    counted = Counter(each for plan in plans for each in plan.items())
    return {name: text for (name, text), count in counted.items() if count > len(plans) / 2}


def outcome(found: Understood) -> list[str]:
    """What plan prints, and below each step what it carries."""
    if found.complaints:
        return report.problems(found)
    return [*report.notes(found), *expanded(plan_report.plan(found), steps(found))]


def expanded(lines: Iterable[str], made: Iterator[Step]) -> Iterator[str]:
    """The lines of a plan, each of a step with what the step carries."""
    step = next(made, None)
    for line in lines:
        if line == f"  {step}" and step:
            yield from (f"  {each}" for each in shown(step, alike()))
            step = next(made, None)
        else:
            yield line
    assert step is None, f"the plan does not tell: {step}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, request: pytest.FixtureRequest) -> None:
    expected = "".join(f"{line}\n" for line in (*question(*asked(path)), *outcome(of(path))))
    if request.config.getoption("--accept"):
        path.write_text(expected)
    assert path.read_text() == expected
    answer = expected.partition("\n\n")[2]
    assert not any(word in answer for word in ("hunter", "secret", "$6$"))


def test_what_most_plans_write(request: pytest.FixtureRequest) -> None:
    """Each text once, whole, and nothing that no plan names."""
    expected = {golden(text, alike()): "".join(f"{line}\n" for line in whole(text)) for text in alike().values()}
    if request.config.getoption("--accept"):
        for path in FILES.glob("*"):
            path.unlink()
        for name, text in expected.items():
            (FOLDER / name).write_text(text)
    assert {f"{FILES.name}/{path.name}": path.read_text() for path in FILES.iterdir()} == expected


def test_there_are_cases() -> None:
    assert len(CASES) > 40

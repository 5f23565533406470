"""Hooks: which are run, in which order, with what, for how long, and what is said of those that fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from house import ROOT
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.runner import run as carry_out
from ovirt_tui.system import StepFailed, hooks, silent
from ovirt_tui.system.machine import Machine
from ovirt_tui.system.steps import File, Hooks

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a hook: that of the site unless another folder is named."""

    def write(name: str, body: str = 'echo "$0" >> ran', folder: str = "site", kind: str = "on-boot") -> Path:
        path = tmp_path / folder / f"{kind}.d" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o755)
        path.write_text(f"#!/bin/sh\ncd {tmp_path}\n{body}\n")
        path.chmod(0o755)
        return path

    return write


def ran(tmp_path: Path) -> list[str]:
    file = tmp_path / "ran"
    return [str(Path(line).relative_to(tmp_path)) for line in file.read_text().splitlines()] if file.exists() else []


def run(tmp_path: Path, name: str = "on-boot", **environment: str) -> tuple[str, list[str]]:
    """Run them; the sentence of what failed, and the lines of the journal."""
    lines: list[str] = []
    try:
        hooks.run(name, environment, (tmp_path / "image", tmp_path / "site"), lines.append)
    except StepFailed as failure:
        return str(failure), lines
    return "", lines


root = pytest.mark.skipif(os.geteuid() != 0, reason="hooks have to belong to root")


@root
def test_those_of_image_and_site_run_in_one_order(make: Make, tmp_path: Path) -> None:
    for name, folder in (("20-b", "site"), ("10-a", "site"), ("15-c", "image"), ("20-b", "image")):
        make(name, folder=folder)
    make("10-other", kind="rollback")
    assert run(tmp_path)[0] == ""
    assert ran(tmp_path) == [
        "site/on-boot.d/10-a",
        "image/on-boot.d/15-c",
        "image/on-boot.d/20-b",
        "site/on-boot.d/20-b",
    ]


def test_without_hooks_nothing_happens(tmp_path: Path) -> None:
    assert run(tmp_path) == ("", [])


@root
def test_what_is_no_program_is_no_hook(make: Make, tmp_path: Path) -> None:
    for name in (".10-a.swp", "10-a~", "folder"):
        make(name)
    make("README").chmod(0o644)
    (tmp_path / "site/on-boot.d/folder").unlink()
    (tmp_path / "site/on-boot.d/folder").mkdir()
    assert run(tmp_path) == ("", [])


@root
def test_each_is_in_the_journal_with_its_output_status_and_time(make: Make, tmp_path: Path) -> None:
    path = make("10-a", 'printf "one\\n\\033[2Jtwo $OVIRT_NODE_HOOK $VERSION\\n"; echo "$HOME $LC_ALL" >&2')
    said, lines = run(tmp_path, VERSION="0.2.0")
    assert said == "" and lines[:3] == ["10-a: one", "10-a: \x1b[2Jtwo on-boot 0.2.0", "10-a: /root C.UTF-8"]
    assert lines[3].startswith(f"on-boot: {path} ended with status 0 after 0.")


@root
def test_all_that_fail_are_named_and_the_others_run(make: Make, tmp_path: Path) -> None:
    first, third = make("10-a", 'echo so; printf "why\\033[2J\\n" >&2; exit 3'), make("30-c", "exit 4")
    make("20-b")
    said, lines = run(tmp_path)
    assert said == (
        f"the hook {first} failed with exit status 3: why\\x1b[2J; "
        f"the hook {third} failed with exit status 4: it printed nothing"
    )
    assert ran(tmp_path) == ["site/on-boot.d/20-b"] and any("exit status 3" in line for line in lines)


@root
def test_the_first_that_fails_before_an_upgrade_ends_it(make: Make, tmp_path: Path) -> None:
    make("10-a", kind="pre-upgrade")
    make("20-b", "echo guests run; false", kind="pre-upgrade")
    make("30-c", kind="pre-upgrade")
    said, _lines = run(tmp_path, "pre-upgrade")
    assert said.endswith("/20-b failed with exit status 1: guests run")
    assert ran(tmp_path) == ["site/pre-upgrade.d/10-a"]


@root
def test_the_checks_of_a_new_image_have_little_time_together(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hooks.TOGETHER, "check", 1)
    first = make("10-a", "sleep 300", kind="check")
    assert run(tmp_path, "check")[0] == f"the hook {first} failed: {first} did not end within 1 seconds"
    make("10-a", kind="check")
    second, clock = make("20-b", kind="check"), count(0, 2)
    monkeypatch.setitem(hooks.TOGETHER, "check", 3)
    monkeypatch.setattr(hooks, "monotonic", lambda: next(clock))
    took = "those before it took all of the 3 seconds that they have together"
    assert run(tmp_path, "check")[0] == f"the hook {second} was not run: {took}"
    assert ran(tmp_path) == ["site/check.d/10-a"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds; a pause takes as long as it says, and nothing else takes any."""
    now = [0.0]
    monkeypatch.setattr(hooks, "monotonic", lambda: now[0])
    monkeypatch.setattr(hooks, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    return now


@pytest.mark.parametrize(("kind", "seconds", "tries"), [("check", 120, 25), ("pre-upgrade", 0, 1)])
def test_a_check_that_fails_is_tried_again_for_a_while(
    kind: str, seconds: int, tries: int, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def run(name: str, _variables: object) -> None:
        tried.append(name)
        raise StepFailed("no storage")

    said: list[str] = []
    monkeypatch.setattr(hooks, "run", run)
    step, runs = Hooks(kind), hooks.HookRuns(said.append)
    with pytest.raises(StepFailed, match="no storage"):
        runs.make(step, silent)
    assert clock == [seconds] and tried == [kind] * tries and not runs.holds(step)
    once = [f"no storage; it is run again for {seconds} seconds"]
    assert said == (once if seconds else []), "whoever sits at the console learns what the node waits for"


def test_a_check_may_pass_late(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_name: str, _variables: object) -> None:
        if clock[0] < 20:
            raise StepFailed("no storage")

    monkeypatch.setattr(hooks, "run", run)
    step, runs = Hooks("check"), hooks.HookRuns(lambda _text: None)
    runs.make(step, silent)
    assert clock == [20] and runs.holds(step)


@root
def test_the_first_check_that_fails_is_the_reason(make: Make, tmp_path: Path) -> None:
    make("10-a", kind="check")
    make("20-b", "echo no storage; false", kind="check")
    make("30-c", kind="check")
    assert run(tmp_path, "check")[0].endswith("/20-b failed with exit status 1: no storage")
    assert ran(tmp_path) == ["site/check.d/10-a"]


@root
def test_one_that_does_not_end_is_ended_with_all_that_it_started(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(hooks.SECONDS, "on-boot", 1)
    path = make("10-a", "sleep 300 & echo $! > pid; wait")
    make("20-b")
    assert run(tmp_path)[0] == f"the hook {path} failed: {path} did not end within 1 seconds"
    assert ran(tmp_path) == ["site/on-boot.d/20-b"]
    left = Path("/proc", (tmp_path / "pid").read_text().strip(), "cmdline")
    assert not left.exists() or not left.read_bytes(), "dead, whether or not somebody asked for its status"


@root
@pytest.mark.parametrize("what", ["owner", "mode", "folder", "target"])
def test_one_that_others_could_have_written_is_not_run(what: str, make: Make, tmp_path: Path) -> None:
    path = make("10-a")
    wrong, reason = path, "others than root may write"
    if what == "owner":
        os.chown(path, 1234, 0)
        reason = "belongs to user 1234, and has to belong to root"
    elif what == "folder":
        wrong = path.parent
    elif what == "target":
        wrong = path.rename(tmp_path / "elsewhere")
        path.symlink_to(wrong)
    if what != "owner":
        wrong.chmod(0o775)
    said, _lines = run(tmp_path)
    assert said.startswith(f"the hook {path} was not run: ") and reason in said and str(wrong) in said
    assert ran(tmp_path) == []


@root
def test_one_that_cannot_be_started_is_named(make: Make, tmp_path: Path) -> None:
    path = make("10-a")
    path.write_text("#!/no/such/program\n")
    assert run(tmp_path)[0].startswith(f"the hook {path} failed: ")


def test_what_the_documentation_says_is_so() -> None:
    text = (ROOT / "docs/hooks.md").read_text()
    for name, seconds in hooks.SECONDS.items():
        assert f"| `{name}` |" in text and f"| {seconds} s |" in text
    for word in (str(hooks.SITE), str(hooks.IMAGE), hooks.HOOK):
        assert word in text


def test_each_try_of_an_upgrade_runs_its_hooks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The setup program stays for days: what let the first try pass may not be so any more."""
    asked: list[str] = []
    monkeypatch.setattr(hooks, "run", lambda kind, _variables: asked.append(kind))
    machine, fails = Machine(tmp_path), File("/proc/none/file", "")
    planned = (Planned("hooks", (Hooks("pre-upgrade"),)), Planned("image", (fails,)))
    (tmp_path / "proc").touch()
    for _try in range(2):
        with pytest.raises(StepFailed, match="could not be written"):
            carry_out(planned, machine, lambda _progress: None)
    assert asked == ["pre-upgrade", "pre-upgrade"]

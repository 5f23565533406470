"""What make bench measures with: keys, percentiles, marks, and a program on a terminal."""

import sys
from pathlib import Path

import pytest

from bench import __main__ as program_of_figures
from bench import latency, line, terminal
from bench.figure import Figure, at_most, at_most_times
from bench.installed import written
from bench.keys import presses
from bench.latency import NoAnswer, Program, Run, Walk, rank, result, run
from bench.line import full
from bench.terminal import Answer, Session, Unready
from bench.tree import running

ECHO = """
import os, sys, termios, tty
tty.setraw(0)
print("wait", flush=True)
print("\\x1b[2Jready", flush=True)
while (key := os.read(0, 100)) != b"\\r":
    os.write(1, b"+" if key == b"\\x1b[B" else b"\\x07")
print("\\x1b[2Jlast page", flush=True)
os.read(0, 1)
"""


def program(text: str) -> Program:
    return Program((sys.executable, "-c", text), "ready")


def test_keys() -> None:
    assert presses("down*2,enter") == (b"\x1b[B", b"\x1b[B", b"\r")
    with pytest.raises(ValueError, match="no key is called 'dwon'"):
        presses("dwon")


def test_percentiles_are_of_values_that_were_there() -> None:
    values = [float(number) for number in range(1, 201)]
    assert (rank(values, 50), rank(values, 99), rank([7.0], 99)) == (100.0, 198.0, 7.0)


def test_a_figure_is_the_median_of_the_runs() -> None:
    runs = [
        Run(start, (Answer(1.0, key, size), Answer(1.0, 0.5, 8)), 30.0)
        for start, key, size in ((90.0, 2.0, 10), (500.0, 70.0, 40), (100.0, 3.0, 20))
    ]
    found = result(runs)
    assert (found.start, found.key, found.most_bytes) == (100.0, 3.0, 40)


def test_marks() -> None:
    assert at_most(220, "MB", 164.5) == ("at most 220 MB", True)
    assert at_most(220, "MB", 220.1) == ("at most 220 MB", False)
    assert at_most_times(3, 301.0, 100.0) == ("at most 3 times", False)
    assert Figure("ISO", "1 MB", "2 MB", *at_most(1, "MB", 2)).line().endswith("at most 1 MB      MISSED")
    assert Figure("ISO", "1 MB", "2 MB").line().endswith("2 MB")


def test_an_installation_that_takes_too_long_is_missed() -> None:
    assert written(40.0, 10.0, 10**8).line().endswith("at most 5 times   met")
    assert written(51.0, 10.0, 10**8).line().endswith("at most 5 times   MISSED")


@pytest.mark.parametrize(("seconds", "status"), [(40.0, 0), (51.0, 1)])
def test_a_missed_mark_fails(
    seconds: float, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unmarked = Figure("memory", "1 MiB", "2 MiB")
    sections = (("One", lambda: [unmarked]), ("Two", lambda: [written(seconds, 10.0, 10**8), unmarked]))
    monkeypatch.setattr(program_of_figures, "SECTIONS", sections)
    assert program_of_figures.main() == status
    missed = "first write to done (Two)" if status else "none"
    assert capsys.readouterr().out.endswith(f"Marks missed: {missed}\n")


def test_the_line_is_full() -> None:
    assert len(full()) == 2048


def test_a_check_from_start_to_exit_and_a_plan_of_very_many_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "STARTS", 1)
    ours, floor = line.start_to_exit("storage_init=/dev/vda")
    assert 0 < floor < ours
    monkeypatch.setattr(line, "DISKS", 20)
    assert "  partition /dev/sd19: " in "\n".join(line.plan(line.crowded()))
    with pytest.raises(RuntimeError, match="no_such_program"):
        line.seconds((line.PYTHON, "-m", "no_such_program"))


def test_a_program_on_a_terminal() -> None:
    walk = Walk((("down*2", r"\+\+"),), "down*2")
    found = run(program(ECHO), walk, repeat=2)
    assert [answer.size for answer in found.answers] == [1] * 4
    assert all(0 < answer.last < 1000 and answer.visible == answer.last for answer in found.answers)
    assert found.start > 0
    assert 1 < found.peak < 100


def test_pages_on_the_way_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "START", 1)
    with pytest.raises(Unready, match=r"did not show 'another page':\s+last page"):
        run(program(ECHO), Walk((("enter", "another page"),), ""))


def test_a_key_that_changes_nothing_ends_the_measurement() -> None:
    with pytest.raises(NoAnswer, match="changed nothing"):
        run(program(ECHO), Walk((), "up"))


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(Unready, match="No such file"):
        run(Program(("/no/such/program",), "ready"), Walk((), ""))


def test_nothing_is_left_running() -> None:
    with Session(program(ECHO).argv) as session:
        session.settle("ready")
        assert running(session.pid)
    assert session.seen and not any(map(running, session.seen))


def test_programs_take_turns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started = []

    def once(which: Program, walk: Walk) -> Run:
        started.append(which.ready)
        return Run(len(started), (Answer(1.0, 1.0, 1),), 1.0)

    monkeypatch.setattr(latency, "run", once)
    ours, floor = latency.compare(((Program((), "a"), Walk((), "")), (Program((), "b"), Walk((), ""))), runs=3)
    assert started == ["a", "b"] * 4
    assert (ours.start, floor.start) == (5, 6)  # the median of 3, 5, 7: the first turn is not counted

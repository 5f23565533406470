"""Start time, repaint latency and cost of a text-mode program, as seen from its terminal.

Each program runs on a pseudo-terminal of 80 columns and 24 lines (bench/terminal.py).  Times are in milliseconds:

- start: from just before the program is forked to the last chunk of output that completes the first usable screen;
- key: from just before its bytes are written to the last byte of the answer, which 100 ms of silence end (the
  silence is not counted).  The cost of a key is the number of bytes of the answer.

Memory is the largest observed sum of resident pages over the program's processes, shared pages included.

The programs take turns, run by run and with the same keys, so that other load on this machine affects them alike; the
first turn is not counted.  A figure is the median over the runs: of the start, of the peak, and of each run's own 99th
percentile over its keys.  A key without a visible answer would improve the percentiles, and aborts the measurement.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.keys import presses
from bench.terminal import Answer, Session

RUNS = 5
REPEAT = 4  # how many times the keys of a walk are pressed in a run
MIB = 1 << 20


@dataclass(frozen=True)
class Program:
    """What to run, and the pattern of its first usable screen."""

    argv: tuple[str, ...]
    ready: str


@dataclass(frozen=True)
class Walk:
    """Keys to press before the measurement, each with the screen they lead to; then the keys to measure."""

    before: tuple[tuple[str, str], ...]
    keys: str


@dataclass(frozen=True)
class Run:
    """One run of a program."""

    start: float  # ms
    answers: tuple[Answer, ...]
    peak: float  # MiB


@dataclass(frozen=True)
class Result:
    """Medians over the runs."""

    start: float  # ms
    key: float  # ms, the 99th percentile
    usual_key: float  # ms, the median
    key_bytes: float
    most_bytes: int
    peak: float  # MiB


class NoAnswer(Exception):
    """A measured key changed nothing on the screen."""


def rank(values: Sequence[float], percent: int) -> float:
    """The percentile of *values* by nearest rank."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1]


def result(runs: Sequence[Run]) -> Result:
    """The medians of several runs."""
    times = [[answer.last for answer in run.answers] for run in runs]
    sizes = [[answer.size for answer in run.answers] for run in runs]
    return Result(
        start=statistics.median(run.start for run in runs),
        key=statistics.median(rank(each, 99) for each in times),
        usual_key=statistics.median(rank(each, 50) for each in times),
        key_bytes=statistics.median(rank(each, 50) for each in sizes),
        most_bytes=max(map(max, sizes)),
        peak=statistics.median(run.peak for run in runs),
    )


def run(program: Program, walk: Walk, repeat: int = REPEAT) -> Run:
    """Start *program*, go to the screen to measure, press the keys, end it."""
    with Session(program.argv) as session:
        start = session.settle(program.ready)
        for keys, shown in walk.before:
            for key in presses(keys):
                session.press(key)
            session.settle(shown)
        answers = [_answer(session, key) for key in presses(walk.keys) * repeat]
        return Run(start, tuple(answers), session.peak / MIB)


def _answer(session: Session, key: bytes) -> Answer:
    answer = session.press(key)
    if answer is None or answer.visible is None:
        raise NoAnswer(f"{' '.join(session.argv)}: the key {key!r} changed nothing on this screen:\n{session.text()}")
    return answer


def compare(turns: Sequence[tuple[Program, Walk]], runs: int = RUNS) -> tuple[Result, ...]:
    """Run the programs in turn, and return the result of each."""
    counted: list[list[Run]] = [[] for _turn in turns]
    with _no_collection():
        for number in range(-1, runs):
            for found, (program, walk) in zip(counted, turns, strict=True):
                done = run(program, walk)
                if number >= 0:
                    found.append(done)
    return tuple(map(result, counted))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Disable our garbage collection, which may fall between a key and its answer."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

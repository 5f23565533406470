"""ovirt-tui persist, and what it shares with unpersist."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

from ovirt_tui.cli import documents, lasting_report, streams
from ovirt_tui.cli.commands import DONE, FAILED
from ovirt_tui.cli.json_report import remark
from ovirt_tui.commands import given
from ovirt_tui.i18n import N_
from ovirt_tui.machine.lasting import Done
from ovirt_tui.model.problems import Kind
from ovirt_tui.system import StepFailed, System

PATH = "PATH"
NOT_DONE = Kind("path-not-changed", N_("{failure}"))


def run(args: SimpleNamespace) -> int:
    """Have paths last."""
    return each(args, lambda system, path: system.keep(path))


def each(args: SimpleNamespace, do: Callable[[System, str], Done]) -> int:
    """Do it with every path that can be, and say of every other why not."""
    system, _facts = given.node(args)
    done, failed = [], []
    for path in args.paths:
        try:
            done.append(do(system, path))
            system.log(lasting_report.sentence(done[-1]))
        except StepFailed as failure:
            failed.append(NOT_DONE(failure=failure))
    problems = tuple(remark(PATH, reason) for reason in failed)
    said = "".join(f"{lasting_report.sentence(one)}\n" for one in done)
    streams.answer(documents.text(lasting_report.document(done, problems)) if args.json else said)
    streams.remark([*(note for one in done for note in lasting_report.notes(one)), *failed])
    return FAILED if failed else DONE

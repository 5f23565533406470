"""ovirt-tui upgrade."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from types import SimpleNamespace

from ovirt_tui.cli import documents, image_report, streams
from ovirt_tui.cli.commands import DONE, REFUSED
from ovirt_tui.commands import given
from ovirt_tui.i18n import N_, _
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.plan.runner import run as carry_out
from ovirt_tui.plan.upgrade import INSISTS, Looked, insisted, look
from ovirt_tui.system.lock import saving

NO_FILE = Kind("image-not-named", N_("the image has no name: give the path of a file, a drive, or a URL"))


def run(args: SimpleNamespace) -> int:
    """Write an image to the other slot and have the boot menu try it."""
    system, facts = given.node(args)
    if not args.file:  # without a path, an image is the medium that was started: here, the image that runs
        raise given.Unusable(NO_FILE())
    progress = image_report.Progress(quiet=args.json)
    with saving() if args.shared else nullcontext(), ExitStack() as held:
        looked = look(system, facts, args.file, held, progress.fetched, progress.verified)
        if args.unsigned:
            looked = insisted(looked, system, facts)
        if wrong := [reason for reason in looked.against if not _insisted(reason, args)]:
            return _refused(args, wrong)
        if not args.check:
            carry_out(looked.planned, system, progress.step)
    _answer(args, looked)
    if args.reboot and not args.check:
        system.restart()
    return DONE


def _insisted(reason: Reason, args: SimpleNamespace) -> bool:
    option = INSISTS.get(reason.kind, "")
    return bool(option and getattr(args, option.replace("-", "_")))


def _answer(args: SimpleNamespace, looked: Looked) -> None:
    told = (looked.candidate, looked.slots, looked.planned)
    if args.json:
        streams.answer(documents.text(image_report.upgrade(*told, made=not args.check)))
    else:
        streams.answer(image_report.upgraded(*told, made=not args.check))


def _refused(args: SimpleNamespace, wrong: list[Reason]) -> int:
    """Say every problem at once; nothing was written."""
    if args.json:
        streams.answer(documents.text(image_report.refused(wrong)))
    streams.remark(f"ovirt-tui: {image_report.sentence(reason)}" for reason in wrong)
    streams.remark([_("ovirt-tui: nothing was written")])
    return REFUSED

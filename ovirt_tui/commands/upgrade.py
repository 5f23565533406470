"""ovirt-tui upgrade."""

from __future__ import annotations

import argparse
from contextlib import ExitStack, nullcontext

from ovirt_tui.cli import documents, image_report, streams
from ovirt_tui.cli.commands import DONE, REFUSED
from ovirt_tui.commands import given
from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.model.problems import Reason
from ovirt_tui.model.records import replace
from ovirt_tui.plan import upgrade
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.runner import run as carry_out
from ovirt_tui.plan.saved import saved_config
from ovirt_tui.plan.upgrade import Insisted
from ovirt_tui.system import StepFailed, System
from ovirt_tui.system.fetched import is_url
from ovirt_tui.system.lock import saving


def run(args: argparse.Namespace) -> int:
    """Write an image to the other slot and have the boot menu try it."""
    system, facts = given.node(args)
    insisted = Insisted(args.unsigned, args.older, args.again, args.with_guests)
    with saving() if args.shared else nullcontext():
        slots = system.slots()
        if wrong := tuple(upgrade.steady(slots)):
            return _refused(args, wrong)
        progress = image_report.Progress(quiet=args.json)
        with ExitStack() as stack:
            remote = is_url(args.file)
            path = stack.enter_context(system.fetched(args.file, progress.fetched)) if remote else args.file
            candidate = replace(system.candidate(path, progress.verified), remote=remote)
            wrong = (*_objections(candidate, slots, facts, insisted), *_guests(system, insisted))
            if wrong:
                return _refused(args, wrong)
            health = system.health(upgrade.managers(saved_config(system, facts)))
            planned = upgrade.upgrade(candidate, slots, health)
            if not args.check:
                carry_out(planned, system, progress.step)
    _answer(args, candidate, slots, planned)
    if args.reboot and not args.check:
        system.restart()
    return DONE


def _answer(args: argparse.Namespace, candidate: Candidate, slots: NodeSlots, planned: tuple[Planned, ...]) -> None:
    if args.json:
        made = not args.check
        streams.answer(documents.text(image_report.upgrade(candidate, slots, planned, made=made)))
    else:
        streams.answer(image_report.upgraded(candidate, slots, planned, made=not args.check))


def _objections(candidate: Candidate, slots: NodeSlots, facts: Facts, insisted: Insisted) -> tuple[Reason, ...]:
    return tuple(upgrade.objections(candidate, slots, facts.product, insisted))


def _guests(system: System, insisted: Insisted) -> tuple[Reason, ...]:
    if insisted.guests:
        return ()
    try:
        return tuple(upgrade.in_the_way(system.guests(), insisted))
    except StepFailed as failure:
        return (upgrade.GUESTS_UNKNOWN(why=failure),)


def _refused(args: argparse.Namespace, wrong: tuple[Reason, ...]) -> int:
    """Say every problem at once; nothing was written."""
    if args.json:
        streams.answer(documents.text(image_report.refused(wrong)))
    streams.remark(f"ovirt-tui: {reason}" for reason in wrong)
    streams.remark([_("ovirt-tui: nothing was written")])
    return REFUSED

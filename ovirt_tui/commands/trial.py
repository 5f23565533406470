"""ovirt-tui trial."""

from __future__ import annotations

from types import SimpleNamespace

from ovirt_tui.cli import streams
from ovirt_tui.cli.commands import DONE, FAILED
from ovirt_tui.commands import given
from ovirt_tui.i18n import _
from ovirt_tui.machine.attempt import Attempt, State
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import Health, worse
from ovirt_tui.machine.images import NodeSlots
from ovirt_tui.model.records import replace
from ovirt_tui.plan import upgrade
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.runner import run as carry_out
from ovirt_tui.plan.saved import saved_config
from ovirt_tui.system import StepFailed, System

LOOKS, PAUSE = 50, 5
"""How often a new image is looked at until all works, and the seconds between."""
TELLS = 6
"""At which of these looks the consoles are told what is waited for: a good image often needs one or two."""


def run(args: SimpleNamespace) -> int:
    """Judge a new image at its first start; at any other, say how the last upgrade ended."""
    system, facts = given.node(args)
    slots = system.slots()
    if args.lasted:
        _make(system, upgrade.lasted(slots))
        return DONE
    if args.well:
        if not slots.trial:
            _make(system, upgrade.well(system.health(upgrade.managers(saved_config(system, facts)))))
        return DONE
    known = upgrade.last(system)
    if slots.trial:
        return _judge(system, facts, slots, known)
    ended = upgrade.ended(slots, known, upgrade.differs(system, slots))
    _make(system, ended)
    now = upgrade.last(system)
    if now and now.state is not State.PASSED:  # what went well is no news at each start
        if ended:
            _run_hooks(system, "rollback", known)
        _say(system, upgrade.told(now, slots))
    return DONE


def _judge(system: System, facts: Facts, slots: NodeSlots, known: Attempt | None) -> int:
    _say(system, _("the image {version} is on trial").format(version=slots.version))
    try:
        why = _flaws(system, facts, known)
    except StepFailed as failure:
        why = str(failure)
    if why:
        _make(system, upgrade.failed(slots, known, why))
        _run_hooks(system, "rollback", known)
        _say(
            system, _("{version} is not kept: {why}; the image of before starts").format(version=slots.version, why=why)
        )
        system.restart()
        return FAILED
    _make(system, upgrade.passed(slots, known))
    system.proven()
    _run_hooks(system, "post-upgrade", known)
    _say(system, _("{version} has proven itself and starts from now on").format(version=slots.version))
    return DONE


def _flaws(system: System, facts: Facts, known: Attempt | None) -> str:
    """What does not work, or is not as the site wants it; empty once all is well.  Much comes up after its services."""
    servers = upgrade.managers(saved_config(system, facts))
    before = known.health if known else Health()
    before = replace(before, managers=tuple(each for each in before.managers if each in servers))
    found = ""
    for look in range(1, LOOKS + 1):
        found = "; ".join(map(str, worse(before, system.health(servers))))
        if not found:
            return _refused(system, known)
        if look == TELLS:
            text = _("{why}; it is looked at again for {seconds} seconds")
            _say(system, text.format(why=found, seconds=(LOOKS - look) * PAUSE))
        system.pause(PAUSE)
    return found


def _refused(system: System, known: Attempt | None) -> str:
    """What the checks of the site say is wrong; empty where all pass."""
    try:
        _make(system, upgrade.checks(known))
    except StepFailed as failure:
        return str(failure)
    return ""


def _make(system: System, planned: tuple[Planned, ...]) -> None:
    carry_out(planned, system, lambda progress: None)


def _run_hooks(system: System, kind: str, known: Attempt | None) -> None:
    """Have the site's hooks run; what fails is said, and changes nothing of which image starts."""
    try:
        _make(system, upgrade.hooks(kind, known))
    except StepFailed as failure:
        _say(system, str(failure))


def _say(system: System, text: str) -> None:
    """On every console, in the journal, and for whoever started this."""
    if not text:
        return
    system.log(text)
    streams.answer(f"{text}\n")
    try:
        system.say((f"ovirt-node: {text}",))
    except StepFailed as failure:
        system.log(str(failure))

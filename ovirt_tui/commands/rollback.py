"""ovirt-tui rollback."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

from ovirt_tui.cli import streams
from ovirt_tui.cli.commands import DONE, REFUSED
from ovirt_tui.commands import given
from ovirt_tui.i18n import _
from ovirt_tui.plan import upgrade
from ovirt_tui.plan.runner import run as carry_out
from ovirt_tui.system.lock import saving


def run(args: SimpleNamespace) -> int:
    """Have the boot menu start the image in the other slot from now on."""
    system, _facts = given.node(args)
    with saving() if args.shared else nullcontext():
        slots = system.slots()
        if not slots.trial and (wrong := tuple(upgrade.cannot_go_back(slots))):
            streams.remark(f"ovirt-tui: {reason}" for reason in wrong)
            return REFUSED
        left = () if upgrade.is_pending(slots) else upgrade.differs(system, slots)
        carry_out(upgrade.rollback(slots, upgrade.last(system), left), system, lambda progress: None)
    if upgrade.is_pending(slots):
        text = _("{version} in {slot} is not tried at the next restart")
        streams.answer(text.format(version=slots.other_version, slot=slots.other) + "\n")
        return DONE
    text = _("the boot menu starts {version} in {slot}, with the settings that it had; restart this node for it")
    streams.answer(text.format(version=slots.other_version, slot=slots.other) + "\n")
    if left:
        streams.answer(_("saved otherwise there, and used from then on: {names}").format(names=", ".join(left)) + "\n")
    if args.reboot:
        system.restart()
    return DONE

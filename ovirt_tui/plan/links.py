"""Links: an interface shows no carrier until it is up, and nothing brings one up on the medium."""

from __future__ import annotations

from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.system import StepFailed, System


def wake(system: System, facts: Facts) -> bool:
    """Bring up the interfaces that show no carrier; False when there is none that could be brought up."""
    woken = False
    for nic in facts.nics:
        if nic.kind == "physical" and not nic.link:
            try:
                system.link_up(nic.name)
                woken = True
            except StepFailed as failure:
                system.log(_("{nic} could not be brought up: {failure}").format(nic=nic.name, failure=failure))
    return woken

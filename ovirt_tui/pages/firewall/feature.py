"""What of this node can be reached from outside, as its kernel says."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.pages import Live, Note, Page
from ovirt_tui.system import Step, StepFailed, System

HINT = N_("This is not what was saved. To load that, open the shell (F2) and type: systemctl reload nftables")


def opened(system: System, facts: Facts) -> str:
    """One line for each thing that can be reached."""
    from ovirt_tui.machine import packet_filter  # here and below: no line says anything of the firewall

    try:
        found = packet_filter.chains(system.output(packet_filter.LISTED))
    except (StepFailed, ValueError) as failure:
        return _("unknown: {failure}").format(failure=failure)
    if not packet_filter.is_closed(found):
        return _("everything: no firewall is at work")
    return "\n".join(packet_filter.reachable(found)) or _("nothing")


def compared(system: System, facts: Facts) -> str:
    """Whether the kernel filters by the rules that were saved."""
    from ovirt_tui.machine import packet_filter
    from ovirt_tui.pages.firewall import openings

    try:
        found, saved = (packet_filter.chains(system.output(argv)) for argv in (packet_filter.LISTED, openings.SAVED))
    except (StepFailed, ValueError) as failure:
        return _("unknown: {failure}").format(failure=failure)
    return _("yes") if found == saved else _(HINT)


@action(N_("Setting the firewall"))
def filters(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """At a boot the rules are loaded from their file, before there is a network."""

    from ovirt_tui.pages.firewall import openings
    from ovirt_tui.system.steps import File, Firewall

    rules = openings.rules(config)
    yield File(openings.FILE, rules)
    yield Firewall(rules)


PAGE = Page(
    order=25,
    title=N_("Firewall"),
    setup=True,
    help=N_(
        "This page says what of this node can be reached over the network, as the kernel filters now. SSH is open, "
        "and what a network needs to work; guests on virtual networks may ask this node for addresses and names. "
        "Everything else that is sent to this node is dropped, whatever listens there. What guests send and get on a "
        "bridge is not filtered here. Rules that were changed by hand are shown as a difference, and are gone after a "
        "restart."
    ),
    rows=(
        Note(N_("Only what is open here can be reached from outside. This node drops whatever else is sent to it.")),
        Live(N_("Open"), opened),
        Live(N_("As it was saved"), compared),
    ),
)
FEATURE = Feature(pages=(PAGE,), actions=(filters,))

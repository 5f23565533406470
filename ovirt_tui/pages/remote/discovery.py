"""What the button Discover asks: which targets the portals have for this node."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.iscsi import offers, reason
from ovirt_tui.machine.untrusted import shortened
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.network import IscsiTarget
from ovirt_tui.model.values import show
from ovirt_tui.pages import Answer, Way
from ovirt_tui.pages.remote.settings import Remote
from ovirt_tui.system import StepFailed, System

DISCOVER = ("iscsiadm", "-m", "discovery", "-t", "sendtargets", "-o", "nonpersistent", "-p")
"""It writes no record.  How long a portal may take is in iscsid.conf (image/debian/hooks/50-iscsi.sh)."""
MOST = 20
"""Ways on in a list that somebody reads; a portal may offer thousands of targets."""
WIDEST = 60


def discover(system: System, config: Resolved, facts: Facts) -> Answer:
    """Ask the portals of which no target is named yet, or where there is none, all of them."""
    targets = config[Remote].targets
    if not targets:
        return Answer(_("Type a portal in Targets, such as 192.0.2.10: it is asked which targets it has."))
    portals = dict.fromkeys(each.portal for each in targets if not each.name)
    told, found = [], list[IscsiTarget]()
    for portal in portals or dict.fromkeys(each.portal for each in targets):
        try:
            offered = offers(system.output((*DISCOVER, portal)))
        except StepFailed as failure:
            told.append(f"{portal}: {reason(str(failure), failure.output)}")
        else:
            told.append(_("{portal} offers {count} targets.").format(portal=portal, count=len(offered)))
            found += offered
    ways = tuple(_ways(tuple(each for each in targets if each.name), tuple(dict.fromkeys(found))))
    if len(ways) > MOST:
        told.append(_("The first {count} follow; any other can be typed.").format(count=MOST))
    return Answer("\n".join(told), ways[:MOST])


def _ways(kept: tuple[IscsiTarget, ...], found: tuple[IscsiTarget, ...]) -> Iterator[Way]:
    """For each target a way by the portal that was named first, and one by all portals where there are more."""
    for name in dict.fromkeys(each.name for each in found):
        by = [each for each in found if each.name == name and each not in kept]
        if by:
            yield _way(shortened(by[0], WIDEST), kept, by[:1])
        if len(by) > 1:
            title = _("{name} by {count} portals").format(name=shortened(name, WIDEST), count=len(by))
            yield _way(title, kept, by)


def _way(title: str, kept: tuple[IscsiTarget, ...], chosen: list[IscsiTarget]) -> Way:
    return Way(title, (("remote.targets", show((*kept, *chosen))),))

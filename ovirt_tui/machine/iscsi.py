"""What open-iscsi says: the targets that a portal offers, and why a login or a discovery failed."""

from __future__ import annotations

import re

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.untrusted import escaped, shortened
from ovirt_tui.model.network import IscsiTarget

REACHED = "/run/ovirt-node/own-target"
"""The target, PORTAL/NAME, to which this system logged in for the node's own disk; written by system/own_disk.py."""
OFFER = r"(\[[0-9A-Fa-f:.]+\]|[^\s\[\],]+):([0-9]{1,5}),-?[0-9]+ (\S+)"
"""A line of an answer to SendTargets: HOST:PORT,GROUP NAME."""
NUMBER = r"\(([0-9]{1,3}) - "
OWN = "iscsiadm: "
"""How each line of its own begins."""
REFUSED = N_("it refuses the login: a user, a password, or the name of the target or of this node is wrong")
"""Which, a target does not say, and open-iscsi has several numbers for it."""
REASONS = {
    4: N_("it cannot be reached"),
    5: REFUSED,
    8: N_("it does not answer"),
    11: N_("it does not answer as an iSCSI portal does"),
    12: N_("the kernel has no iSCSI"),
    19: REFUSED,
    20: N_("iscsid does not run"),
    21: N_("it offers nothing to the initiator name of this node"),
    24: REFUSED,
    33: N_("it does not answer"),
}
"""By the numbers of open-iscsi (iscsi_err.h)."""


def offers(text: str) -> tuple[IscsiTarget, ...]:
    """The targets in an answer to SendTargets, each by each portal; what is no iSCSI name is left out."""
    found = []
    for line in text.splitlines():
        if offer := re.fullmatch(OFFER, line.strip()):
            try:
                found.append(IscsiTarget("{}:{}/{}".format(*offer.groups())))
            except ValueError:
                continue
    return tuple(dict.fromkeys(found))


def reason(text: str, said: str) -> str:
    """Why it failed, in words: of what iscsiadm *said*, or *text* where it said nothing."""
    numbers = [int(each) for each in re.findall(NUMBER, said)]
    if known := [REASONS[each] for each in numbers if each in REASONS]:
        return _(known[-1])
    lines = [line.removeprefix(OWN).strip() for line in said.splitlines() if line.startswith(OWN)]
    return shortened(escaped(lines[-1])) if lines else text

"""The page Management server: where the facts of this node go, the certificate to approve, and how it stands."""

from __future__ import annotations

from ovirt_tui.features.observation import content
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.engine import heard, shown, why
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.report import STATE, sent
from ovirt_tui.model.config import Resolved
from ovirt_tui.pages import Answer, Enquiry, Field, Live, Note, Page, Way
from ovirt_tui.pages.engine.page import described, pending
from ovirt_tui.pages.management.settings import WANTED, Management, asked
from ovirt_tui.system import StepFailed, System

HTTPS = 443


def standing(system: System, facts: Facts) -> str:
    """Whether the server has the facts of this node, and where that waits for something, for what."""
    try:
        wanted, found = content(system, WANTED), sent(content(system, STATE) or "")
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    if wanted is None:
        return _("not reported, and not to be")
    if found and wanted == asked(found.url, found.fingerprint):
        return _("reported at {at} UTC, as {id}").format(at=found.at, id=found.id)
    return (
        pending(system, wanted) if "FINGERPRINT=" in wanted else _("not reported: its certificate is not approved yet")
    )


def fetched(system: System, config: Resolved, facts: Facts) -> Answer:
    """The certificate of the server, to compare and to approve.  The client gives up after 20 seconds."""
    from urllib.parse import urlsplit  # only here: most who load a page ask nothing

    from ovirt_tui.system.engine_call import call

    management = config[Management]
    if not management.url:
        return Answer(_("Give the address of the server first."))
    parts = urlsplit(management.url)
    server, port = parts.hostname or "", parts.port or HTTPS
    answer = heard(system.output(call("show", server, port)))
    if reason := why(answer, server, port):
        raise StepFailed(str(reason))
    found = shown(answer)
    text = described(found, _("This is the last certificate that the server itself shows."), management.fingerprint)
    return Answer(text, (Way(N_("Approve"), (("management.fingerprint", found.sha256),)),))


PAGE = Page(
    order=42,
    title=N_("Management server"),
    setup=True,
    help=N_(
        "A site without an oVirt Engine may have a server of its own that keeps an inventory. This node posts its "
        "facts there as JSON: its id, host name, disks and interfaces, when the server is saved and at each start. The "
        "certificate comes first: compare the fingerprint with what its administrator says, and approve it. Nothing "
        "is sent but to a server that proves itself by this certificate, under the name in its address. Save fails "
        "within 30 seconds and changes nothing, and a start tries 30 times, a minute apart. The server gets no way "
        "in: whoever manages this node needs an SSH key on the page Security."
    ),
    rows=(
        Live(N_("This node"), standing),
        Field("management.url"),
        Field("management.fingerprint"),
        Enquiry(
            N_("Fetch its certificate"),
            N_("Asking the server for its certificate, for at most 20 seconds ..."),
            fetched,
            needs=("management.url",),
        ),
        Note(N_("It gets the facts of this node by HTTPS POST, at each start, and no way in.")),
    ),
)

"""The page oVirt Engine: its settings, the certificate to approve, and how it stands."""

from __future__ import annotations

from ovirt_tui.features.observation import content
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.engine import STATE, Registration, Shown, failed_at, heard, registration, shown, why
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.fingerprints import Fingerprint
from ovirt_tui.pages import Answer, Enquiry, Field, Live, Note, Page, Way
from ovirt_tui.pages.engine.settings import WANTED, Engine, asked
from ovirt_tui.system import StepFailed, System

UNIT = "ovirt-node-engine.service"
LAST_SAID = (
    "journalctl", "--boot", "--quiet", "--no-pager", "--identifier=ovirt-node-engine", "--output=cat", "--lines=20",
)  # fmt: skip
"""What was said of the last tries, of an engine and of a management server alike: a node may have both."""
STANDS = ("systemctl", "show", "--property=ActiveState", "--value", UNIT)


def known(system: System) -> Registration | None:
    """The registration of this node, if any."""
    return registration(content(system, STATE) or "")


def standing(system: System, facts: Facts) -> str:
    """Whether this node is registered, and where that waits for something, for what."""
    try:
        wanted, found = content(system, WANTED), known(system)
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    if wanted is None:
        return _("not registered, and not to be")
    if found and wanted == asked(found.server, found.port, found.fingerprint):
        text = _("registered with {server} since {at} UTC, as {id}")
        return text.format(server=found.server, at=found.at, id=found.id)
    if "FINGERPRINT=" not in wanted:
        return _("not registered: its certificate is not approved yet")
    return pending(system, wanted)


def pending(system: System, wanted: str) -> str:
    """How it stands with what is tried at each start; the first line of *wanted* says at which server."""
    head = failed_at(wanted.partition("\n")[0].partition("=")[2])
    try:
        gave_up = system.output(STANDS).strip() == "failed"
        lines = system.output(LAST_SAID).splitlines()
        last = next((line.removeprefix(head) for line in reversed(lines) if line.startswith(head)), "")
    except StepFailed as failure:
        return _("not registered yet, and what was tried is unknown: {failure}").format(failure=failure)
    if not last:
        return _("not registered yet: not tried since the start")
    text = (
        _("not registered, and given up until the next start: {last}") if gave_up else _("not registered yet: {last}")
    )
    return text.format(last=last)


def fetched(system: System, config: Resolved, facts: Facts) -> Answer:
    """The certificate of the engine, to compare and to approve.  The client gives up after 20 seconds."""
    from ovirt_tui.system.engine_call import call  # only here: most who load a page ask nothing

    engine = config[Engine]
    if not engine.server:
        return Answer(_("Give the full name of the engine first."))
    answer = heard(system.output(call("look", engine.server, engine.port)))
    if reason := why(answer, engine.server, engine.port):
        raise StepFailed(str(reason))
    found = shown(answer)
    of = _("This is the certificate of the engine's own authority.")
    if not found.own:
        of = _(
            "The engine's own authority did not sign for its web server, or by SHA-1, which proves nothing: this is "
            "the certificate that did, or its own."
        )
    text = described(found, of, engine.fingerprint)
    return Answer(text, (Way(N_("Approve"), (("engine.fingerprint", found.sha256),)),))


def described(found: Shown, of: str, approved: Fingerprint | None) -> str:
    """The certificate in words, after *of*; its fingerprint in two lines, as far as a dialog is wide."""
    text = _("{of}\n{subject}, until {until}\nSHA-256\n{sha256}\nSHA-1\n{sha1}\n\n{compare}")
    compare = _("Compare it with what the server's administrator says, and approve it only if it is the same.")
    if approved in (found.sha256, found.sha1):
        compare = _("It is the one that is approved.")
    return text.format(
        of=of,
        subject=found.subject,
        until=found.until,
        sha256=halves(found.sha256),
        sha1=found.sha1,
        compare=compare,
    )


def halves(fingerprint: str) -> str:
    """A SHA-256 fingerprint in two lines of 16 octets."""
    octets = fingerprint.split(":")
    return f"{':'.join(octets[:16])}:\n{':'.join(octets[16:])}"


PAGE = Page(
    order=41,
    title=N_("oVirt Engine"),
    setup=True,
    help=N_(
        "An engine from 3.4 on lists this node once it is registered, pending approval. Its certificate comes first: "
        "compare the fingerprint with what the engine's administrator says, and approve it. Nothing is sent but to a "
        "server that proves itself by this certificate. Save registers the node, or fails within 30 seconds and "
        "changes nothing; a new node tries once a minute after its start, 30 times. The engine's key then lets it in "
        "over SSH as admin, who can do with guests all that libvirt can. No engine of any version can deploy to this "
        "node: they install vdsm by yum or dnf, as root, and an approved host ends in InstallFailed. Manage its guests "
        "by libvirt over SSH instead: qemu+ssh://admin@NODE/system."
    ),
    rows=(
        Live(N_("This node"), standing),
        Field("engine.server"),
        Field("engine.port"),
        Field("engine.fingerprint"),
        Enquiry(
            N_("Fetch its certificate"),
            N_("Asking the engine for its certificate, for at most 20 seconds ..."),
            fetched,
            needs=("engine.server", "engine.port"),
        ),
        Note(
            N_(
                "Registered, this node is listed by engines from 3.4 on, whose key lets them in as admin: for libvirt "
                "over SSH. None of any version can deploy to it: they need yum or dnf, so an approved host ends in "
                "InstallFailed."
            )
        ),
    ),
)

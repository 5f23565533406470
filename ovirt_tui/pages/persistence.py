"""What lasts on this node, what differs from its image, and what the next restart takes away."""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.lasting import By, Lasting, said, said_room
from ovirt_tui.model.config import Resolved
from ovirt_tui.pages import Answer, Enquiry, Live, Note, Page
from ovirt_tui.system import StepFailed, System

LISTED = 500
"""Changes in a dialog; 'ovirt-tui persisted' has all."""
LOOKING = N_("Comparing this node with its image ...")


def _found(system: System) -> Lasting | str:
    try:
        return system.lasting()
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)


def kept(system: System, facts: Facts) -> str:
    """The folders that somebody persisted."""
    found = _found(system)
    if isinstance(found, str):
        return found
    return "\n".join(each.folder for each in found.kept if each.by is By.PERSIST) or _("none")


def lost(system: System, facts: Facts) -> str:
    """How much the next restart takes away."""
    found = _found(system)
    if isinstance(found, str):
        return found
    count = len(found.lost) + found.more_lost
    return _("{count} changes").format(count=count) if count else _("nothing")


def room(system: System, facts: Facts) -> str:
    found = _found(system)
    if isinstance(found, str):
        return found
    return said_room(found) if found.room else _("the volume Config is not mounted: nothing lasts")


def ask_kept(system: System, config: Resolved, facts: Facts) -> Answer:
    """All that lasts, and by whom."""
    return Answer("\n".join(map(str, system.lasting().kept)) or _("nothing"))


def ask_changes(system: System, config: Resolved, facts: Facts) -> Answer:
    """What lasts and differs from the image."""
    found = system.lasting()
    return Answer("\n".join(said(found.changes, found.more_changes, LISTED)))


def ask_lost(system: System, config: Resolved, facts: Facts) -> Answer:
    """What does not last."""
    found = system.lasting()
    return Answer("\n".join(said(found.lost, found.more_lost, LISTED)))


PAGE = Page(
    order=45,
    title=N_("Persistence"),
    setup=True,
    help=N_(
        "The root of a node is its image, with a layer in memory over it. Settings, and what the services keep, are on "
        "the volume Config and always last; so do logs and guests, on volumes of their own. Anything else that is "
        "written is gone after the next restart, unless its folder was persisted: in the shell that F2 opens, "
        "'persist /opt/agent' keeps a folder, over upgrades too, and 'unpersist /opt/agent' ends that. A file is kept "
        "with its folder, so that it can be replaced. What differs from the image can be read here; the command "
        "'ovirt-tui persisted' says the same, and all of it."
    ),
    rows=(
        Live(N_("Persisted"), kept),
        Live(N_("Lost at restart"), lost),
        Live(N_("Room"), room),
        Enquiry(N_("What lasts"), LOOKING, ask_kept),
        Enquiry(N_("What differs from the image"), LOOKING, ask_changes),
        Enquiry(N_("What the next restart takes away"), LOOKING, ask_lost),
        Note(N_("In the shell (F2): persist PATH, unpersist PATH, ovirt-tui persisted")),
    ),
)

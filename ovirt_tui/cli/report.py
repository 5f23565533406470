"""What a line means, as text: for check, and what all commands say of problems and notes."""

from __future__ import annotations

from collections.abc import Iterable

from ovirt_tui.autoinstall.cmdline import Complaint
from ovirt_tui.autoinstall.request import Intent
from ovirt_tui.autoinstall.understand import Understood
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.untrusted import masked
from ovirt_tui.model.secrets import HIDDEN, Secret
from ovirt_tui.model.values import show

PURPOSES = {
    Intent.RESCUE: N_("opens a rescue shell and changes nothing"),
    Intent.UNINSTALL: N_("removes the node from its disks"),
    Intent.STATELESS: N_("runs without storage"),
    Intent.INSTALL_OR_UPGRADE: N_("installs, or upgrades the node that is found"),
    Intent.UPGRADE: N_("upgrades the node that is found"),
    Intent.REPAIR: N_("repairs the boot loader of the node that is found"),
    Intent.INSTALL: N_("installs without asking"),
    Intent.INTERACTIVE: N_("opens the installer and writes nothing by itself"),
}
ASKED = {False: N_("this line {what}"), True: N_("this configuration {what}")}
REFUSED = {
    False: N_("this line is refused: nothing is done before every problem is solved"),
    True: N_("this configuration is refused: nothing is done before every problem is solved"),
}
"""What a line, or with answer files all together, is for."""


def problems(found: Understood) -> list[str]:
    """Every complaint, by parameter."""
    return [str(complaint) for complaint in found.complaints]


def notes(found: Understood) -> list[str]:
    """What stops nothing, but should be known."""
    return noted(found.notes)


def noted(said: Iterable[Complaint]) -> list[str]:
    """Notes as they are said, each once: one word may decide two settings, of which the same is to be known."""
    return [_("note: {text}").format(text=note) for note in dict.fromkeys(map(str, said))]


def check(found: Understood) -> list[str]:
    """All that was understood, and what it is for; what is wrong with it is told beside."""
    decided = [f"{path} = {_shown(value)}{_meant(found, path)}" for path, value in values(found).items()]
    carried = (
        [_("kept for the installed system: {words}").format(words=" ".join(found.carried))] if found.carried else []
    )
    return [masked(line) for line in (purpose(found), *decided, *carried)]


def purpose(found: Understood) -> str:
    """What the line is for."""
    if found.complaints:
        return _(REFUSED[found.from_files])
    return _(ASKED[found.from_files]).format(what=_(PURPOSES[found.intent]))


def values(found: Understood) -> dict[str, object]:
    """What each setting that is decided is on this machine."""
    config = found.draft.resolved
    decided = {path: config.get(path) for path in found.decided if path not in found.draft.errors}
    return {path: value for path, value in decided.items() if value not in (None, ())}


def _meant(found: Understood, path: str) -> str:
    """How a disk or an interface was meant that has another name."""
    meant, known = found.config.get(path), found.draft.resolved.get(path)
    return _(" (meant as {selector})").format(selector=show(meant)) if meant and meant != known else ""


def _shown(value: object) -> str:
    return HIDDEN if isinstance(value, Secret) else show(value)

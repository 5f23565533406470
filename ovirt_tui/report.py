"""What a line means, as text and as JSON: for check, plan, export and the unattended run."""

from __future__ import annotations

import json
from enum import Enum

from ovirt_tui import summary
from ovirt_tui.actions import INSTALL
from ovirt_tui.autoinstall.conflicts import Intent
from ovirt_tui.autoinstall.foreign import masked
from ovirt_tui.autoinstall.understand import INSTALLING, Understood
from ovirt_tui.autoinstall.write import answers
from ovirt_tui.config import get
from ovirt_tui.draft import Draft
from ovirt_tui.i18n import N_, _
from ovirt_tui.runner import Planned
from ovirt_tui.runner import plan as planned
from ovirt_tui.values import Crypted, show

FORMS = ("cmdline", "answers")
MASK = "***"
PURPOSES = {
    Intent.RESCUE: N_("opens a rescue shell and changes nothing"),
    Intent.UNINSTALL: N_("removes the node from its disks"),
    Intent.STATELESS: N_("runs without storage"),
    Intent.INSTALL_OR_UPGRADE: N_("installs, or upgrades the node that is found"),
    Intent.UPGRADE: N_("upgrades the node that is found"),
    Intent.INSTALL: N_("installs without asking"),
    Intent.INTERACTIVE: N_("opens the installer and writes nothing by itself"),
}


def steps(found: Understood) -> tuple[Planned, ...]:
    """The plan; empty where the line changes nothing by itself.  Nothing may be wrong with it."""
    if found.erased:
        return summary.removal(found.erased)
    return planned(INSTALL, found.config, found.draft.facts) if found.intent in INSTALLING else ()


def disks(found: Understood) -> tuple[str, ...]:
    """What happens to each disk."""
    if found.erased:
        return summary.erase_plan(found.erased, found.draft.facts)
    return summary.write_plan(found.config, found.draft.facts) if found.intent in INSTALLING else ()


def problems(found: Understood) -> list[str]:
    """Every complaint, by parameter."""
    return [str(complaint) for complaint in found.complaints]


def notes(found: Understood) -> list[str]:
    """What stops nothing, but should be known."""
    return [_("note: {text}").format(text=note) for note in found.notes]


def check(found: Understood) -> list[str]:
    """All that was understood, then all that is wrong."""
    settings = [f"{path} = {_shown(get(found.config, path))}" for path in found.decided if path not in _wrong(found)]
    carried = (
        [_("kept for the installed system: {words}").format(words=" ".join(found.carried))] if found.carried else []
    )
    purpose = _("this line {what}").format(what=_(PURPOSES[found.intent]))
    said = (purpose, *settings, *carried, *notes(found))
    return [*map(masked, said), *problems(found)]


def _wrong(found: Understood) -> set[str]:
    return set(found.draft.errors)


def _shown(value: object) -> str:
    return MASK if isinstance(value, Crypted) else show(value)


def plan(found: Understood) -> list[str]:
    """What happens to each disk, then every step in order."""
    made = steps(found)
    if not made:
        return [_("this line {what}").format(what=_(PURPOSES[found.intent])), *notes(found)]
    text = "\n".join(str(each) for each in made).splitlines()
    return [*notes(found), _("Disks"), *(f"  {line}" for line in disks(found)), *text]


def export(draft: Draft, form: str) -> str:
    """The settings as one kernel line, or as an answer file."""
    lines = answers(draft.config, draft.facts)
    return f"{' '.join(lines)}\n" if form == "cmdline" else "".join(f"{line}\n" for line in lines)


def as_json(found: Understood) -> str:
    """Settings, carried words and problems as the JSON that scripts read."""
    decided = {
        path: _plain(value)
        for path in found.decided
        if path not in _wrong(found) and (value := get(found.config, path)) is not None
    }
    wrong = [
        {"path": complaint.path, "parameter": complaint.parameter, "text": complaint.reason}
        for complaint in found.complaints
    ]
    return json.dumps({"config": decided, "carried": list(found.carried), "problems": wrong}, indent=1)


def _plain(value: object) -> object:
    match value:
        case Crypted():
            return MASK
        case Enum():
            return value.value
        case tuple():
            return [_plain(part) for part in value]
        case bool():
            return value
        case int():
            return int(value)
        case float():
            return float(value)
    return str(value)

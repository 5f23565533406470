"""Takes the name of a disk by hand, where the table does not show the name that the admin knows."""

from __future__ import annotations

from collections.abc import Callable

from ovirt_tui.features.draft import Draft
from ovirt_tui.i18n import _
from ovirt_tui.machine import disks
from ovirt_tui.machine.disk_names import called
from ovirt_tui.model.values import show
from ovirt_tui.pages import Choice
from ovirt_tui.ui.dialogs import Line
from ovirt_tui.ui.window import Window


def ask_device(window: Window, draft: Draft, done: Callable[[], None], choice: Choice) -> None:
    """Ask for the name of a disk for *choice*, then call *done* to show the page again."""
    facts = draft.facts

    def check(typed: str) -> str:
        name = typed.strip()
        try:
            found = called(facts, name)
        except disks.NoSuchDisk as missing:
            if missing.candidates:
                return str(missing)
            wrong = _("{name} is not a disk of this machine") if name else _("type a name such as /dev/sdb")
            return wrong.format(name=name)
        reason = disks.unusable(found)
        return _("cannot be used: {reason}").format(reason=reason) if reason else ""

    def take(typed: str) -> None:
        name = disks.stable_name(facts, called(facts, typed.strip()))
        kept = [show(draft.config.get(choice.path))] if choice.many else []
        draft.put(choice.path, ",".join(dict.fromkeys(",".join([*filter(None, kept), name]).split(","))))
        done()

    text = _("Any name of the disk will do: sdb, a link below /dev/disk, ata:SERIAL, a serial number, a WWN.")
    window.ask_text(_("Other device"), text, Line(label=_("Disk"), check=check, take=take))

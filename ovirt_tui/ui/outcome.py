"""The outcome of an installation: finished, or failed with the reason and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Disk, Facts, Part
from ovirt_tui.pages.storage.disk_list import size
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.progress import ProgressView
from ovirt_tui.ui.widgets import Button
from ovirt_tui.ui.window import Window

LOG_NAME = "ovirt-node-install.log"
WRITABLE = ("vfat", "exfat", "ext4", "ext3", "ext2")


def show_outcome(window: Window, view: ProgressView, again: Callable[[], None], change: Callable[[], None]) -> None:
    """Show how it ended, and offer to retry (*again*) or to *change* the settings first."""
    log = Button(_("Log"), lambda: window.read(_("Log of the installation"), view.running.log))
    restart = Button(_("Restart"), window.restart if not window.trial else window.quit)
    power_off = Button(_("Power off"), window.power_off if not window.trial else window.quit)
    if view.running.failure:
        view.end(False, _("Failed: {reason}").format(reason=view.running.failure))
        keep = Button(_("Save log"), lambda: ask_stick(window, "\n".join(view.running.log) + "\n"))
        ways = [Button(_("Retry"), again), Button(_("Settings"), change)]
        view.put_buttons([*ways, log, keep, restart, power_off])  # more would not fit; F2 is a shell
        window.name(_("Failed"))
    else:
        view.end(True, _("Installed. Remove the medium, restart, and log in as admin."))
        view.put_buttons([restart, power_off, log])
        window.name(_("Finished"))


def sticks(facts: Facts) -> tuple[tuple[Disk, Part], ...]:
    """The partitions of USB sticks that a file can be written to; never the installation medium."""
    return tuple(
        (disk, part)
        for disk in facts.disks
        if (disk.removable or disk.bus == "usb") and not (disk.live or disk.cdrom or disk.read_only)
        for part in disk.parts
        if part.kind in WRITABLE and not part.uses
    )


def ask_stick(window: Window, text: str) -> None:
    """Look for USB sticks, and let the admin choose one for the log."""

    def found(facts: Facts) -> None:
        choices = [
            (
                f"{part.path}  {size(part.mib)}  {part.label or part.kind}  {disk.model}",
                partial(write_log, window, part, text),
            )
            for disk, part in sticks(facts)
        ]
        title = _("Save the log")
        if not choices:
            window.tell(title, _("No USB stick with a file system was found. Plug one in and try again."))
            return
        where = _("A new file is written on it; what is on it stays.")
        window.pick(title, where, choices)

    window.probe_machine(found, busy=_("Looking for USB sticks ..."))


def write_log(window: Window, part: Part, text: str) -> None:
    """Write the log in the worker thread, and show the result."""

    def job() -> str:
        try:
            name = window.save_to(part, LOG_NAME, text)
        except StepFailed as failure:
            return str(failure)
        return _("{name} is on {part}. The stick can be removed.").format(name=name, part=part.path)

    window.wait(_("Writing the log ..."), job, lambda said: window.tell(_("Save the log"), said))

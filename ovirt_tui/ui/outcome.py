"""The end of an installation: finished, or failed with its reason and ways to go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ovirt_tui.facts import Disk, Facts, Part
from ovirt_tui.i18n import _
from ovirt_tui.pages.storage.disk_list import size
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.desk import Desk
from ovirt_tui.ui.progress import ProgressView
from ovirt_tui.ui.widgets import Button

LOG_NAME = "ovirt-node-install.log"
WRITABLE = ("vfat", "exfat", "ext4", "ext3", "ext2")


def show_outcome(desk: Desk, view: ProgressView, again: Callable[[], None], change: Callable[[], None]) -> None:
    """Say how it ended, and offer what can be done now: *again* the same, or *change* the settings first."""
    log = Button(_("Log"), lambda: desk.read(_("Log of the installation"), view.running.log))
    restart = Button(_("Restart"), desk.restart if not desk.trial else desk.quit)
    power_off = Button(_("Power off"), desk.power_off if not desk.trial else desk.quit)
    if view.running.failure:
        view.end(False, _("Failed: {reason}").format(reason=view.running.failure))
        keep = Button(_("Save log"), lambda: ask_stick(desk, "\n".join(view.running.log) + "\n"))
        ways = [Button(_("Retry"), again), Button(_("Settings"), change)]
        view.put_buttons([*ways, log, keep, restart, power_off])  # more would not fit; F2 is a shell
        desk.name(_("Failed"))
    else:
        view.end(True, _("Installed. Remove the medium, restart, and log in as admin."))
        view.put_buttons([restart, power_off, log])
        desk.name(_("Finished"))


def sticks(facts: Facts) -> tuple[tuple[Disk, Part], ...]:
    """The partitions of USB sticks that a file can be written on; never the medium of the installer."""
    return tuple(
        (disk, part)
        for disk in facts.disks
        if (disk.removable or disk.bus == "usb") and not (disk.live or disk.cdrom or disk.read_only)
        for part in disk.parts
        if part.kind in WRITABLE and not part.uses
    )


def ask_stick(desk: Desk, text: str) -> None:
    """Look for sticks, and let the admin pick where the log goes."""

    def found(facts: Facts) -> None:
        choices = [
            (
                f"{part.path}  {size(part.mib)}  {part.label or part.kind}  {disk.model}",
                partial(write_log, desk, part, text),
            )
            for disk, part in sticks(facts)
        ]
        title = _("Save the log")
        if not choices:
            desk.tell(title, _("No USB stick with a file system was found. Plug one in and try again."))
            return
        where = _("A new file is written on it; what is on it stays.")
        desk.pick(title, where, choices)

    desk.find_out(found)


def write_log(desk: Desk, part: Part, text: str) -> None:
    """Write the log away from the screen, and say how that went."""

    def job() -> str:
        try:
            name = desk.save_to(part, LOG_NAME, text)
        except StepFailed as failure:
            return str(failure)
        return _("{name} is on {part}. The stick can be removed.").format(name=name, part=part.path)

    desk.work.start(job, lambda said: desk.tell(_("Save the log"), said))

"""What is shown before anything else: how an unattended run ended, or what is wrong with the kernel line."""

from __future__ import annotations

from ovirt_tui.i18n import _
from ovirt_tui.ui.window import Window


def ended(window: Window, what: str) -> None:
    """Show that an unattended run was done, but did not restart the machine."""
    window.read(_("Done, but not restarted"), what.splitlines(), _("Open the installer"), from_end=False)


def refused(window: Window, why: str) -> None:
    """Show why an unattended run was refused."""
    lines = [*why.strip().splitlines(), "", _("Nothing was written to any disk.")]
    window.read(_("The unattended installation was refused"), lines, _("Open the installer"), from_end=False)


def mistaken(window: Window, mistakes: tuple[str, ...]) -> None:
    """Show what is wrong with the kernel line, even if no unattended run was asked for."""
    lines = "\n".join((*mistakes, "", _("What is right on the kernel line is filled in."))).splitlines()
    for line in lines:
        window.system.log(line)
    window.read(_("The kernel line has mistakes"), lines, _("Open the installer"), from_end=False)


def failed(window: Window, why: str) -> None:
    """Show why an unattended run failed.  That of an upgrade says in a second line what is true of the node."""
    wrote = _("A disk was written to: what is on it is not complete and does not boot.")
    certain = wrote if window.system.begun() else _("Nothing was written to any disk.")
    said = why.strip().splitlines()
    details = _("The journal has the details. The installer can go on from here.")
    lines = [*said, "", *([certain] if len(said) < 2 else ()), details]
    window.read(_("The unattended installation failed"), lines, _("Open the installer"), from_end=False)

"""ovirt-tui autoinstall."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

from ovirt_tui.cli import places, streams, unattended
from ovirt_tui.cli.commands import DONE, FAILED
from ovirt_tui.commands.given import Unusable
from ovirt_tui.i18n import N_, _
from ovirt_tui.model.problems import Kind
from ovirt_tui.system.lock import alone
from ovirt_tui.system.mounts import apart
from ovirt_tui.system.tree import file_errors

NOT_ALONE = Kind("not-alone", N_("another installer is at work on this machine"))


def run(args: SimpleNamespace) -> int:
    """Install, or uninstall, as the kernel line says."""
    if args.shared and not alone():
        raise Unusable(NOT_ALONE())
    system = args.pick()
    if args.shared and (why := apart()):
        system.log(_("its mounts are seen by other programs: {why}").format(why=why))
    # The steps may write below a mounted target by now, so this is not one of them.  It is there from the beginning:
    # who is killed says nothing more.
    record = Path(places.FAILURE)
    with file_errors(_("{path} could not be written").format(path=record)):
        record.parent.mkdir(exist_ok=True)
        record.write_text(_("it ended without saying why") + "\n")
        Path(places.ENDED).unlink(missing_ok=True)
    try:
        outcome = unattended.autoinstall(system, streams.tell, args.cmdline)
    finally:
        if error := sys.exception():
            record.write_text(f"{unattended.mistake(error)}\n")
    if outcome.status == FAILED:
        record.write_text(f"{outcome.reason}\n")
    else:
        record.unlink(missing_ok=True)
    if outcome.status == DONE and outcome.reason:
        Path(places.ENDED).write_text(f"{outcome.reason}\n")
    return outcome.status

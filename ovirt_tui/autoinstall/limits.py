"""What this version cannot do of what a line asks for.  It is refused by name, never passed over in silence."""

from __future__ import annotations

from ovirt_tui.autoinstall.cmdline import Reading, row
from ovirt_tui.autoinstall.param import NOT_YET, Param
from ovirt_tui.autoinstall.params import PARAMETERS
from ovirt_tui.i18n import _


def refuse(reading: Reading) -> None:
    """Complain about each parameter, and each part of one, that is beyond this version."""
    keys = reading.keys
    for name, given in reading.given.items():
        param = row(name)
        if isinstance(param, Param) and (text := param.beyond(given)):
            reading.complain(name, text)
    if keys.get("flag.standalone") is False:
        _complain(reading, "standalone", "no")
    for parameter in PARAMETERS:
        for outcome in parameter.later(reading.said):
            reading.hear(outcome)


def _complain(reading: Reading, name: str, what: str) -> None:
    reading.complain(name, _("{what}: {not_yet}").format(what=what, not_yet=_(NOT_YET)))

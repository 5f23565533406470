"""What can be decided about the dump of a kernel that crashed."""

from __future__ import annotations

from enum import Enum

from ovirt_tui.i18n import N_
from ovirt_tui.model.config import Section, setting
from ovirt_tui.model.records import dataclass


class Target(Enum):
    OFF = "off"
    LOCAL = "local"


@dataclass(frozen=True, kw_only=True)
class Kdump(Section, prefix="kdump"):
    target: Target = setting(
        Target.LOCAL, N_("Dump goes to"), N_("local: the volume Data or Logging, which has more room.")
    )

"""How a node is prepared for a crash of its kernel, and what dumps it has, as the machine says now."""

from __future__ import annotations

from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.tokens import split
from ovirt_tui.pages.kdump.settings import PUBLIC_KEY, SETTINGS
from ovirt_tui.system import Missing, StepFailed, System

LINE = "/proc/cmdline"
SIZE, LOADED = "/sys/kernel/kexec_crash_size", "/sys/kernel/kexec_crash_loaded"
NOTE = "/var/lib/ovirt-node/last-dump"
FOLDERS = ("/data/crash", "/var/log/crash")
MIB = 1 << 20


def ready(system: System, facts: Facts) -> str:
    """Whether a crash is followed by a dump, and where not, what is to be done."""
    try:
        system.text(SETTINGS)
    except Missing:
        return _("no: it is off")
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    return _prepared(system)


def _prepared(system: System) -> str:
    try:
        size = int(system.text(SIZE)) // MIB
        loaded = system.text(LOADED).strip() == "1"
        line = system.text(LINE)
    except (StepFailed, ValueError) as failure:
        return _("unknown: {failure}").format(failure=failure)
    if loaded:
        return _("yes, with {size} MiB set aside").format(size=size)
    if size:
        return _("no: {size} MiB are set aside, but nothing is loaded").format(size=size)
    if any(word.key == "crashkernel" for word in split(line)):
        return _("no: this machine has too little memory")
    return _("no: memory is set aside at the next restart")


def own_key(system: System, facts: Facts) -> str:
    """The public half of the key that this node shows to a server of dumps."""
    try:
        return system.text(PUBLIC_KEY).strip()
    except Missing:
        return _("none yet: it is made at the next start")
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)


def last(system: System, facts: Facts) -> str:
    """What the last dump said of itself."""
    try:
        return system.text(NOTE).strip()
    except Missing:
        return _("none")
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)


def kept(system: System, facts: Facts) -> str:
    """The folders of dumps, the newest last."""
    try:
        found = [f"{folder}/{name}" for folder in FOLDERS for name in system.names(folder)]
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    return "\n".join(found) or _("none")

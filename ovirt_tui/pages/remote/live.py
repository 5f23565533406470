"""What a running node says of its remote storage: its own name, and the paths of its multipath disks."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ovirt_tui.features.observation import content, statements
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.untrusted import escaped, shortened
from ovirt_tui.model.typed import Any
from ovirt_tui.system import Reader, StepFailed, System

INITIATOR = "/etc/iscsi/initiatorname.iscsi"
SESSIONS = "/sys/class/iscsi_session"
STATES = {"LOGGED_IN": N_("open"), "FAILED": N_("interrupted, the node tries again"), "FREE": N_("closed")}
"""What the kernel calls them."""
MAPS = ("multipathd", "show", "maps", "json")
GOOD = ("ready", "ghost")
"""What a path checker says of a path that works; ghost: by the other controller, which takes over where it must."""


def named(reader: Reader) -> str:
    """The initiator name that stands on the node; empty where there is none.  StepFailed as content()."""
    said = (line.partition("=") for line in statements(content(reader, INITIATOR) or ""))
    names = [name.strip() for key, equals, name in said if key.strip() == "InitiatorName" and equals]
    return names[-1] if names else ""


def initiator(system: System, facts: Facts) -> str:
    try:
        return named(system) or _("none")
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)


def sessions(system: System, facts: Facts) -> str:
    """A line for each session, as the kernel has it: its target, and whether it works."""
    try:
        found = [(system.text(f"{each}/targetname"), system.text(f"{each}/state")) for each in _sessions(system)]
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    lines = [f"{shortened(name.strip())}: {_(STATES.get(state.strip(), state.strip()))}" for name, state in found]
    own = {disk.target.partition("/")[2] for disk in facts.disks if disk.target}
    for number, (name, _state) in enumerate(found):
        if name.strip() in own:
            lines[number] += _("; the disk of this node, never left")
    return "\n".join(lines) or _("none")


def _sessions(system: System) -> Iterator[str]:
    return (f"{SESSIONS}/{name}" for name in system.names(SESSIONS))


def multipath(system: System, facts: Facts) -> str:
    """A line for each disk that is reached in several ways: its WWID, and the state of each path."""
    try:
        lines = list(_maps(json.loads(system.output(MAPS))))
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    except (ValueError, TypeError, KeyError, AttributeError):
        return _("unknown: {failure}").format(failure=_("multipathd says what cannot be understood"))
    return "\n".join(lines) or _("none")


def _maps(said: Any) -> Iterator[str]:
    for each in said["maps"]:
        paths = [path for group in each["path_groups"] for path in group["paths"]]
        works = [path for path in paths if path["dm_st"] == "active" and path["chk_st"] in GOOD]
        broken = [f"{path['dev']} {path['chk_st']}" for path in paths if path not in works]
        text = _("{name}: {works} of {count} paths work").format(name=each["name"], works=len(works), count=len(paths))
        yield shortened(escaped(f"{text}: {', '.join(broken)}" if broken else text))

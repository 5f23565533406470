"""What the node was last brought to: its own answer file, and what only the machine knows."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.cmdline import Reading, read_lines
from ovirt_tui.autoinstall.understand import put
from ovirt_tui.distro.registry import distro_for
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import seen
from ovirt_tui.features.feature import Feature
from ovirt_tui.features.observation import Seen, taken
from ovirt_tui.features.order import FEATURES, defaults
from ovirt_tui.features.parameter import Put
from ovirt_tui.features.rules import SETUP_RULES
from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.records import replace
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.pages.security import Users
from ovirt_tui.plan.actions import SAVED, renamed
from ovirt_tui.system import Missing, Reader, StepFailed, System
from ovirt_tui.system.steps import Password

BEFORE = "/etc/ovirt-node/node.conf"
"""Where nodes of version 0.1 have the same, as parameters."""


def saved_text(system: Reader) -> str:
    """The file of what was saved last; empty where nothing was saved yet."""
    for path in (SAVED, BEFORE):
        try:
            return system.text(path)
        except StepFailed:
            continue
    return ""


def reading(system: Reader) -> Reading:
    """What that file says.  Missing where nothing was saved yet, StepFailed where it is damaged.

    What it says of settings that this version does not know, a newer one or a plug-in has said.
    """
    try:
        text = system.text(SAVED)
    except Missing as none:
        try:
            return read_lines(system.text(BEFORE))
        except Missing:
            raise none from None
    layer = answers.read(SAVED, text.encode())
    for each in layer.problems:
        if each.reason.kind not in answers.STRANGERS:
            raise StepFailed(f"{layer.place(each.path)}: {each.text}")
    return Reading().over((layer,))


def remembered(system: Reader, facts: Facts) -> NodeConfig:
    """What the node was last brought to; raises as reading() does."""
    return brought_to(reading(system), system, facts)


def saved_config(system: System, facts: Facts) -> NodeConfig:
    """What the node was last brought to, the defaults where nothing was saved yet.

    Where that file is damaged, what the machine is: to save defaults over it would take its network away.
    """
    try:
        return remembered(system, facts)
    except Missing:
        pass
    except StepFailed:
        try:
            return applied(taken(defaults(), seen(system, facts)), system)
        except StepFailed as failure:
            system.log(_("what this node is cannot be seen: {failure}").format(failure=failure))
    return brought_to(Reading(), system, facts)


def brought_to(said: Reading, system: Reader, facts: Facts) -> NodeConfig:
    """What a node is once it was brought to what *said* says."""
    draft = Draft(facts, rules=SETUP_RULES)
    put(draft, said)
    return applied(with_kept(draft.config, system, facts), system)


def with_kept(config: NodeConfig, reader: Reader, facts: Facts) -> NodeConfig:
    """*config* with the secrets that this node keeps: the file of what was saved has none."""
    holding = [each for each in FEATURES if each.section and any(part.kept for part in each.section.settings())]
    return taken(config, (secret for each in holding for secret in _kept(each, reader, facts)))


def _kept(feature: Feature, reader: Reader, facts: Facts) -> Iterator[Seen]:
    """One that cannot be read is not known, as if there were none: its page asks for it before anything is written."""
    try:
        seen = tuple(feature.observe(reader, facts, distro_for(facts.os_id)))
    except StepFailed:
        return
    yield from (each for each in seen if isinstance(each, Put) and defaults().setting(each.path).kept)


def now_called(saved: NodeConfig, system: Reader, facts: Facts) -> NicSelector | None:
    """The name that the management interface has now, when it is another than the saved one."""
    return renamed(saved, facts, saved_text(system).splitlines())


def applied(config: NodeConfig, system: Reader) -> NodeConfig:
    """What stays of *config* once it holds: a password is set once, and who is not to be locked may be locked yet.

    A new node's root is, and only a password unlocks it: while nobody says that it has to be, the machine knows.
    """
    users = config[Users]
    locked = users.root_locked or system.holds(Password("root", None))
    users = replace(users, admin_password=None, root_password=None, boot_password=None)
    return config.with_section(replace(users, expired=False, root_locked=locked))

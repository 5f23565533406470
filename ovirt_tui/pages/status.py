"""How this node is, and how to leave it."""

from __future__ import annotations

from ovirt_tui.features.drift import drift
from ovirt_tui.features.observation import content
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.pages import Act, Deed, Live, Page
from ovirt_tui.pages.engine import page as engine
from ovirt_tui.pages.management import page as management
from ovirt_tui.pages.welcome import VIRTUALIZATION
from ovirt_tui.plan.outcome import told
from ovirt_tui.plan.saved import remembered
from ovirt_tui.plan.upgrade import last
from ovirt_tui.system import StepFailed, System

NAMED = 6  # guests named on the page
HOSTNAME = "/proc/sys/kernel/hostname"
ADDRESSES = ("ip", "-brief", "address", "show", "scope", "global")


def running(system: System, facts: Facts) -> str:
    try:
        names = system.guests()
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    if len(names) > NAMED:
        text = _("{count}: {names} and others")
        return text.format(count=len(names), names=", ".join(names[:NAMED]))
    return f"{len(names)}: {', '.join(names)}" if names else _("none")


def version(system: System, facts: Facts) -> str:
    return f"{facts.product} {facts.version}"


def slot(system: System, facts: Facts) -> str:
    return facts.slot or _("not started from an installed slot")


def beside(system: System, facts: Facts) -> str:
    """The image in the other slot, and how the last upgrade stands."""
    if not facts.slot:
        return _("none")
    try:
        slots, known = system.slots(), last(system)
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    image = _("{version} in {slot}").format(version=slots.other_version or _("no image"), slot=slots.other)
    return "\n".join(filter(None, (image, told(known, slots))))


def virtualization(system: System, facts: Facts) -> str:
    return _(VIRTUALIZATION[facts.virtualization])


def addresses(system: System, facts: Facts) -> str:
    """One line for each address, as the machine says now; as it said at the start where it cannot be asked."""
    try:
        brief = [line.split() for line in system.output(ADDRESSES).splitlines()]
    except StepFailed:
        found = [(nic.name, address) for nic in facts.nics for address in nic.addresses]
    else:
        found = [(words[0].partition("@")[0], address) for words in brief for address in words[2:]]
    return "\n".join(f"{name}  {address}" for name, address in found) or _("none")


def host(system: System, facts: Facts) -> str:
    try:
        return system.text(HOSTNAME).strip() or _("none")
    except StepFailed:
        return facts.hostname or _("none")


def registered(system: System, facts: Facts) -> str:
    """How it stands with each server that is to know this node: the engine, the management server, both."""
    found = []
    for each in (engine, management):
        try:
            meant = content(system, each.WANTED) is not None
        except StepFailed:
            meant = True  # and why it is unknown follows
        if meant:
            found.append(f"{_(each.PAGE.title)}: {each.standing(system, facts)}")
    return "\n".join(found) or _("none")


def compared(system: System, facts: Facts) -> str:
    """How many settings and files are not as they were saved; the pages of the settings tell more."""
    try:
        found = drift(remembered(system, facts), system, facts)
    except StepFailed as failure:
        return _("unknown: {failure}").format(failure=failure)
    names = [_(each.label) for each in found.settings()]
    names += found.unsaid()
    return _("no, {count} differ: {names}").format(count=len(names), names=", ".join(names)) if names else _("yes")


PAGE = Page(
    order=0,
    title=N_("Status"),
    setup=True,
    help=N_(
        "This page shows how the node is now: its version, the slot it runs from, what is in the other slot and how "
        "the last upgrade ended, its addresses and the guests that run on it. It tells how it stands with the servers "
        "that are to know the node, and whether it is as it was saved here. "
        "What was changed outside this program is told on the page of the setting, where Adopt takes it and Save puts "
        "back what was saved. F5 asks again. Lock hides the screen until the password of admin is given. Log off ends "
        "this program; the node goes on running. Restart and Power off stop its guests, and name them before."
    ),
    rows=(
        Live(N_("Version"), version),
        Live(N_("System slot"), slot),
        Live(N_("Other slot"), beside),
        Live(N_("Host name"), host),
        Live(N_("Virtualization"), virtualization),
        Live(N_("Addresses"), addresses),
        Live(N_("Running guests"), running),
        Live(N_("Registration"), registered),
        Live(N_("As it was saved"), compared),
        Act(N_("Lock"), Deed.LOCK),
        Act(N_("Log off"), Deed.LOG_OFF),
        Act(N_("Restart"), Deed.RESTART),
        Act(N_("Power off"), Deed.POWER_OFF),
    ),
)

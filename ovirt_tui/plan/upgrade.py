"""Upgrades of a running node: what has to be true before, what is done, and how the new image is judged.

The running slot is never written.  The other one is set aside before its first byte changes, so that nothing starts
what is not whole; the last write, of one sector, has the boot menu try it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from urllib.parse import urlsplit

from bootmenu.environment import TRIES
from ovirt_tui.autoinstall import answers
from ovirt_tui.features.order import defaults
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.attempt import FILE, Attempt, State, read, written
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import FILE as HEALTH
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.health import written as health_file
from ovirt_tui.machine.images import Candidate, NodeSlots, compared, is_url, major
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Kind, Reason
from ovirt_tui.model.records import dataclass, replace
from ovirt_tui.pages.engine.settings import HTTPS, Engine
from ovirt_tui.pages.management.settings import Management
from ovirt_tui.pages.security import USER
from ovirt_tui.plan import settings_trial
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.saved import saved_config
from ovirt_tui.system import Missing, Reader, StepFailed, System, Tell, silent
from ovirt_tui.system.disk_steps import BootChoice, Image, SlotSettings
from ovirt_tui.system.persistent import earlier, store
from ovirt_tui.system.steps import File, Hooks

SHADOW = "/etc/shadow"
ON_TRIAL = Kind(
    "image-on-trial", N_("the image that runs has not proven itself yet; wait until it has, a few minutes at most")
)
NOT_THE_DEFAULT = Kind(
    "slot-not-default", N_("this node runs from {running} while its boot menu starts {default}; restart it first")
)
OTHER_PRODUCT = Kind("other-product", N_("it is an image of {product}, and this node is of {own}"))
UNSIGNED = Kind("image-unsigned", N_("nobody this node trusts has signed it: {why}"))
UNSIGNED_REMOTE = Kind(
    "remote-image-unsigned",
    N_(
        "nobody this node trusts has signed it: {why}; an image from a server is never taken without: give it as a file"
    ),
)
OTHER_MAJOR = Kind(
    "other-major-version", N_("it is version {version}, and from {running} an upgrade leads to versions {major}.x only")
)
SAME_VERSION = Kind("same-version", N_("it is version {version}, which runs already"))
OLDER = Kind("older-version", N_("it is version {version}, older than {running}"))
NO_ROOM = Kind("image-too-large-for-slot", N_("it needs {needed} MiB, and the slot {slot} has {room} MiB"))
NOT_FOR_THIS_MENU = Kind(
    "image-not-for-signed-menu",
    N_("the boot menu of this node starts only what its site signed, and this image has no such signatures"),
)
EARLIER = Kind(
    "image-of-first-layout",
    N_("it is one before each image had settings of its own: it would start without those of this node, and stay"),
)
GUESTS = Kind(
    "guests-running",
    N_("{count} guests run, which the restart stops: {names}"),
    N_("a guest runs, which the restart stops: {names}"),
)
GUESTS_UNKNOWN = Kind("guests-unknown", N_("whether guests run cannot be told: {why}"))
NOTHING_THERE = Kind("nothing-to-go-back-to", N_("the slot {slot} holds no image that could start"))
NEVER_PASSED = Kind("never-proven", N_("the image in {slot}, {version}, failed: upgrade to it again"))
WENT_BACK = N_("somebody went back")


INSISTS = {
    UNSIGNED: "unsigned",
    SAME_VERSION: "again",
    OLDER: "older",
    GUESTS: "with-guests",
    GUESTS_UNKNOWN: "with-guests",
    settings_trial.REFUSED: "despite-settings",
    settings_trial.UNTRIED: "despite-settings",
}
"""What may be meant all the same, and the option of 'ovirt-tui upgrade' that says so by name."""


@dataclass(frozen=True)
class Looked:
    """An image that was looked at: all that speaks *against* it, and what would be done."""

    candidate: Candidate
    slots: NodeSlots
    against: tuple[Reason, ...]
    planned: tuple[Planned, ...]


def look(
    system: System, facts: Facts, path: str, held: ExitStack, fetched: Tell = silent, verified: Tell = silent
) -> Looked:
    """Read the image at *path*, a file or a URL, and all that has to be known of the node; nothing is written.

    What was fetched stays until *held* is closed.  An image that nobody signed is not run, not even to be asked what it
    makes of the settings: insisted() does that.  StepFailed when the image is not whole, or cannot be had.
    """
    slots = system.slots()
    remote = is_url(path)
    file = held.enter_context(system.fetched(path, fetched)) if remote else path
    candidate = replace(system.candidate(file, verified), remote=remote)
    against = (*objections(candidate, slots, facts.product), *_guests(system))
    if candidate.signer:
        against = (*against, *settings_trial.objections(system, facts, candidate))
    health = system.health(managers(saved_config(system, facts)))
    return Looked(candidate, slots, against, upgrade(candidate, slots, health))


def insisted(looked: Looked, system: System, facts: Facts) -> Looked:
    """*looked* once somebody insists on the image although nobody signed it; now its program is asked, too."""
    left = tuple(each for each in looked.against if each.kind is not UNSIGNED)
    if left == looked.against:
        return looked
    return replace(looked, against=(*left, *settings_trial.objections(system, facts, looked.candidate)))


def _guests(system: System) -> Iterator[Reason]:
    """Guests that the restart would stop."""
    try:
        names = system.guests()
    except StepFailed as failure:
        yield GUESTS_UNKNOWN(why=failure)
    else:
        if names:
            yield GUESTS(count=len(names), names=", ".join(names))


def managers(config: NodeConfig) -> tuple[str, ...]:
    """HOST:PORT of who manages this node."""
    found = []
    if config[Engine].server:
        found.append(f"{config[Engine].server}:{int(config[Engine].port)}")
    if url := config[Management].url:
        parts = urlsplit(str(url))
        found.append(f"{parts.hostname}:{parts.port or HTTPS}")
    return tuple(found)


def steady(slots: NodeSlots) -> Iterator[Reason]:
    """Why the slots of this node must not be touched now."""
    if slots.trial:
        yield ON_TRIAL()
    elif slots.running != slots.default:
        yield NOT_THE_DEFAULT(running=slots.running, default=slots.default)


def objections(candidate: Candidate, slots: NodeSlots, own: str) -> Iterator[Reason]:
    """Everything that speaks against *candidate* on a node of the product *own*."""
    yield from steady(slots)
    yield from fits(candidate, slots, own)


def fits(candidate: Candidate, slots: NodeSlots, own: str) -> Iterator[Reason]:
    """Everything about *candidate* itself.  The medium that was booted needs no signature: it runs already."""
    if candidate.product != own:
        yield OTHER_PRODUCT(product=candidate.product, own=own)
    if not candidate.signer and candidate.remote:
        yield UNSIGNED_REMOTE(why=candidate.unsigned)
    elif not (candidate.signer or candidate.booted):
        yield UNSIGNED(why=candidate.unsigned)
    yield from _version(candidate.version, slots.version)
    if candidate.earlier:
        yield EARLIER()
    if slots.signed_menu and not candidate.signed_menu:
        yield NOT_FOR_THIS_MENU()
    if candidate.mib > slots.room:
        yield NO_ROOM(needed=candidate.mib, slot=slots.other, room=slots.room)


def _version(version: str, running: str) -> Iterator[Reason]:
    order = compared(version, running)
    if major(version) != major(running):
        yield OTHER_MAJOR(version=version, running=running, major=major(running))
    elif order == 0:
        yield SAME_VERSION(version=version)
    elif order < 0:
        yield OLDER(version=version, running=running)


def upgrade(candidate: Candidate, slots: NodeSlots, health: Health) -> tuple[Planned, ...]:
    """What is done for *candidate*, in this order."""
    attempt = _attempt(candidate, slots, health)
    hooks = Planned(N_("Running the hooks before an upgrade"), (_hooks("pre-upgrade", attempt),))
    return (hooks, *prepared(candidate, slots, health))


def _attempt(candidate: Candidate, slots: NodeSlots, health: Health) -> Attempt:
    return Attempt(
        running=slots.running,
        version=slots.version,
        slot=slots.other,
        new_version=candidate.version,
        signer=candidate.signer,
        health=health,
    )


def prepared(candidate: Candidate, slots: NodeSlots, health: Health) -> tuple[Planned, ...]:
    """What puts *candidate* into the other slot and has it tried; *health* is what the trial is compared with."""
    attempt = _attempt(candidate, slots, health)
    return (
        Planned(N_("Setting the other slot aside"), (BootChoice(slots.running, slots.other),)),
        Planned(N_("Copying the image"), (Image(slots.other, candidate.version, candidate.path, candidate.digest),)),
        Planned(N_("Copying the settings"), (SlotSettings(slots.other), _remembered(attempt))),
        Planned(
            N_("Proving every step and having the boot menu try the image"),
            (BootChoice(slots.running, slots.other, TRIES),),
            proves=True,
        ),
    )


def last(system: Reader) -> Attempt | None:
    """The last upgrade, as it is remembered; None where there was none, or its file is damaged."""
    try:
        return read(system.text(FILE))
    except Missing:
        return None


def hooks(kind: str, attempt: Attempt | None) -> tuple[Planned, ...]:
    """What the site wants to run now that a new image is kept, or that the node goes back."""
    if attempt is None:
        return ()
    return (Planned(N_("Running the hooks of this site"), (_hooks(kind, attempt),)),)


def checks(attempt: Attempt | None) -> tuple[Planned, ...]:
    """What the site wants to be so before a new image is kept, whether or not it is known what was there before."""
    step = _hooks("check", attempt) if attempt else Hooks("check")
    return (Planned(N_("Running the checks of this site"), (step,)),)


def _hooks(kind: str, attempt: Attempt) -> Hooks:
    return Hooks(kind, (("OVIRT_NODE_OLD_VERSION", attempt.version), ("OVIRT_NODE_NEW_VERSION", attempt.new_version)))


def _remembered(attempt: Attempt) -> File:
    return File(FILE, written(attempt), 0o600)


def cannot_go_back(slots: NodeSlots) -> Iterator[Reason]:
    """Why there is nothing to roll back to."""
    if not slots.other_version:
        yield NOTHING_THERE(slot=slots.other)
    elif slots.next == slots.other and not slots.tries:
        yield NEVER_PASSED(slot=slots.other, version=slots.other_version)


def rollback(slots: NodeSlots, attempt: Attempt | None, left: Sequence[str] = ()) -> tuple[Planned, ...]:
    """Have the boot menu start the other slot from now on.  A new image that did not prove itself yet, fails.

    One that is to be tried at the next restart is not.  *left* is what differs() says, and is remembered for who asks
    later.  That the node went back is noted by the image that then starts, which runs the hooks of that, too.
    """
    if slots.trial:
        return failed(slots, attempt, _(WENT_BACK))
    if is_pending(slots):
        choice = Planned(N_("Having the boot menu not try the new image"), (BootChoice(slots.running, slots.next),))
        return (*noted(attempt, State.FAILED, _("somebody went back before it was tried")), choice)
    choice = Planned(N_("Having the boot menu start the other slot"), (BootChoice(slots.other),))
    return (*noted(attempt, attempt.state if attempt else State.PASSED, ", ".join(left)), choice)


def is_pending(slots: NodeSlots) -> bool:
    """Say whether the next restart tries the image in the other slot."""
    return bool(slots.tries) and slots.next == slots.other and not slots.trial


def differs(system: Reader, slots: NodeSlots) -> tuple[str, ...]:
    """The names of what is saved otherwise in the other slot: each has settings of its own since the upgrade."""
    there = _settings_of(system, slots.other)
    mine, theirs = (_saved(system, path) for path in (SAVED, there + SAVED.removeprefix("/etc")))
    paths = [path for path in {**mine, **theirs} if mine.get(path) != theirs.get(path)]
    names = [_(defaults().setting(path).label) for path in paths]
    passwords = {_password(system, path) for path in (SHADOW, there + SHADOW.removeprefix("/etc"))}
    return (*dict.fromkeys(names), *([_("the password of {user}").format(user=USER)] if len(passwords) > 1 else ()))


def _settings_of(system: Reader, slot: str) -> str:
    """The folder with the changes of /etc of *slot*: of its own, or those of an image before each had its own."""
    own, before = (f"/config/{each}/upper" for each in (store("/etc", slot), earlier("/etc")))
    return own if system.names(own) or not system.names(before) else before


def _saved(system: Reader, path: str) -> Mapping[str, object]:
    """The settings in the node's own answer file at *path*, by their paths; none where there is no such file."""
    try:
        return answers.read(path, system.text(path).encode()).values
    except Missing:
        return {}


def _password(system: Reader, path: str) -> bytes | None:
    """What tells the password of admin in the file at *path* from another one, from a lock, and from none."""
    try:
        lines = system.text(path).splitlines()
    except Missing:
        return None
    found = next((line.split(":")[1] for line in lines if line.startswith(f"{USER}:")), None)
    return None if found is None else sha256(found.encode(errors="replace")).digest()  # which nobody prints


def passed(slots: NodeSlots, attempt: Attempt | None, left: Sequence[str] = ()) -> tuple[Planned, ...]:
    """The image that runs has proven itself: it starts from now on.

    *left* is what differs() says: saved after its settings were copied, and before the restart that tried it.
    """
    choice = Planned(
        N_("Having the boot menu start this image from now on"), (BootChoice(slots.running, back=slots.other),)
    )
    return (choice, *noted(attempt, State.PASSED, ", ".join(left)))


def failed(slots: NodeSlots, attempt: Attempt | None, why: str) -> tuple[Planned, ...]:
    """The image that runs, or did not come up, is not started any more unless somebody says so."""
    choice = Planned(N_("Having the boot menu start the image of before"), (BootChoice(slots.default, slots.next),))
    return (*noted(attempt, State.FAILED, why), choice)


def well(health: Health) -> tuple[Planned, ...]:
    """How this node is now is remembered, for an upgrade by a medium while it does not run."""
    return (Planned(N_("Remembering how this node is"), (File(HEALTH, health_file(health), 0o600),)),)


def lasted(slots: NodeSlots) -> tuple[Planned, ...]:
    """This start lasted: the next one is counted from the beginning."""
    if slots.trial or not slots.starts or not slots.back or slots.running != slots.default:
        return ()
    choice = BootChoice(slots.running, slots.next, slots.tries, slots.back)
    return (Planned(N_("Noting that this start lasted"), (choice,)),)


def noted(attempt: Attempt | None, state: State, why: str) -> tuple[Planned, ...]:
    """Have it remembered how *attempt* stands, and why."""
    if attempt is None:
        return ()
    return (Planned(N_("Remembering how it ended"), (_remembered(replace(attempt, state=state, why=why)),)),)

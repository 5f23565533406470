"""The actions of the Image page: upgrade and roll back, each looked at, confirmed, and carried out step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from ovirt_tui.cli import image_report
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.images import NodeSlots
from ovirt_tui.model.problems import Reason
from ovirt_tui.model.records import dataclass, replace
from ovirt_tui.plan import upgrade
from ovirt_tui.plan.runner import Planned
from ovirt_tui.plan.upgrade import INSISTS, Looked
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.dialogs import Answers, Line
from ovirt_tui.ui.door import Door
from ovirt_tui.ui.progress import ProgressView, Running, work_on
from ovirt_tui.ui.widgets import Button
from ovirt_tui.ui.window import Window

BUSY = N_("Reading the image and comparing every byte of it with its checksums ...")
NOW = N_("Looking at both slots ...")
ASKED = N_("Asking the image what it makes of the settings of this node ...")


@dataclass
class Ready:
    """An image that was looked at, and what is kept open until it is written or given up."""

    looked: Looked
    held: ExitStack


@dataclass(frozen=True)
class Back:
    """A way back: the slots that were looked at, the image it leads to, what is saved otherwise there, and the plan."""

    slots: NodeSlots
    image: str
    left: tuple[str, ...]
    planned: tuple[Planned, ...]


class ImageActions:
    """Upgrade and roll back; *facts* are those of the node, *leave* goes back to the page."""

    def __init__(self, window: Window, door: Door, facts: Callable[[], Facts], leave: Callable[[], None]) -> None:
        self.window, self.door, self.facts, self.leave = window, door, facts, leave

    def ask(self) -> None:
        """Ask for the image."""
        wanted = Line(
            label=_("Image"),
            check=lambda text: "" if text.strip() else _("Type the path of a file, /dev/sr0 for a drive, or a URL."),
            take=lambda text: self.look(text.strip()),
        )
        text = _("An ISO file on this node, a drive that it is in (/dev/sr0), or a URL. Nothing is written yet.")
        self.window.ask_text(_("Upgrade"), text, wanted)

    def look(self, path: str) -> None:
        """Verify the image, and gather what speaks against it."""
        system, facts = self.window.system, self.facts()

        def job() -> Ready | StepFailed:
            held = ExitStack()
            try:
                return Ready(upgrade.look(system, facts, path, held), held)
            except StepFailed as failure:
                held.close()
                return failure

        self.window.wait(_(BUSY), job, self.judge)

    def judge(self, ready: Ready | StepFailed) -> None:
        """Say what speaks against the image; what may be meant all the same is asked for."""
        if isinstance(ready, StepFailed):
            self.window.tell(_("Upgrade"), str(ready))
        else:
            self.weigh(ready)

    def weigh(self, ready: Ready) -> None:
        """Say what speaks against the image, as far as nobody has insisted on it."""
        against = ready.looked.against
        if final := [each for each in against if each.kind not in INSISTS]:
            ready.held.close()
            self.window.tell(_("Upgrade"), "\n".join(map(_sentence, final)))
        elif against:
            ways: Answers = [(_("Back"), ready.held.close), (_("Go on all the same"), partial(self.insist, ready))]
            self.window.ask(_("Go on all the same?"), "\n".join(map(_sentence, against)), ways)
        else:
            self.confirm(ready)

    def insist(self, ready: Ready) -> None:
        """An image that nobody has signed is as much as a shell: it needs the password of admin, as that does."""
        if any(each.kind is upgrade.UNSIGNED for each in ready.looked.against):
            self.door.confirm_image(partial(self.ask_image, ready))
        else:
            self.confirm(ready)

    def ask_image(self, ready: Ready) -> None:
        """Now that somebody answers for the image, it is asked what it makes of the settings of this node."""
        system, facts, before = self.window.system, self.facts(), ready.looked.against

        def done(looked: Looked) -> None:
            ready.looked = replace(looked, against=tuple(each for each in looked.against if each not in before))
            self.weigh(ready)

        self.window.wait(_(ASKED), lambda: upgrade.insisted(ready.looked, system, facts), done)

    def confirm(self, ready: Ready) -> None:
        """Ask before the first write."""
        looked = ready.looked
        text = _(
            "{version}, {signed}, is written to the slot {slot}, and what is there is lost; {running} goes on running. "
            "The next restart tries it, with a copy of the settings, and it stays if this node works as now."
        )
        versions = {"version": looked.candidate.version, "running": looked.slots.version}
        said = text.format(**versions, signed=image_report.signed(looked.candidate), slot=looked.slots.other)
        ways: Answers = [(_("Back"), ready.held.close), (_("Upgrade"), partial(self.upgrade, ready))]
        self.window.ask(_("Upgrade?"), said, ways)

    def upgrade(self, ready: Ready) -> None:
        """Write it."""
        version = ready.looked.candidate.version
        done = _("{version} is ready. The next restart tries it.").format(version=version)
        self.carry_out(_("Upgrading"), ready.looked.planned, done, ready.held, ready.looked.slots)

    def roll_back(self) -> None:
        """Look at the other slot, and ask before it is chosen."""
        system = self.window.system

        def job() -> Back | StepFailed | Reason:
            try:
                slots = system.slots()
                if not slots.trial and (why := next(upgrade.cannot_go_back(slots), None)):
                    return why
                if upgrade.is_pending(slots):
                    return Back(slots, slots.version, (), upgrade.rollback(slots, upgrade.last(system)))
                left = upgrade.differs(system, slots)
                image = f"{slots.other_version} ({slots.other})"
                return Back(slots, image, left, upgrade.rollback(slots, upgrade.last(system), left))
            except StepFailed as failure:
                return failure

        def done(found: Back | StepFailed | Reason) -> None:
            title = _("Roll back")
            if not isinstance(found, Back):
                self.window.tell(title, str(found))
                return
            image = found.image
            text = _(
                "From the next restart on, {image} starts, with the settings and passwords that it had. What was "
                "changed since stays with the image that runs now: {names}. The same way leads back here."
            )
            told = _("{image} starts from the next restart on.").format(image=image)
            go = partial(self.carry_out, _("Rolling back"), found.planned, told, ExitStack(), found.slots)
            self.window.ask(
                _("Roll back?"),
                text.format(image=image, names=", ".join(found.left) or _("nothing")),
                [(_("Back"), lambda: None), (title, go)],
            )

        self.window.wait(_(NOW), job, done)

    @contextmanager
    def unchanged(self, slots: NodeSlots) -> Iterator[None]:
        """Hold the lock for saving; StepFailed unless the slots are as they were looked at, maybe hours ago.

        Another session may have put an image that nothing has tried yet where the way back led.
        """
        with self.window.saving():
            if replace(self.window.system.slots(), starts=0) != replace(slots, starts=0):
                raise StepFailed(_("another session has changed what starts since this was asked: look at it again"))
            yield

    def carry_out(self, title: str, planned: tuple[Planned, ...], done: str, held: ExitStack, slots: NodeSlots) -> None:
        """Run *planned*, made for *slots*, in the worker thread, and show how it goes."""
        running = Running(planned)
        view = ProgressView(self.window, title, running)
        view.escape = ""
        self.window.show(view)
        before = self.window.leave
        self.window.leave = partial(self.window.tell, title, _("Leave when this has ended: it takes a few minutes."))

        def close() -> None:
            self.window.leave = before
            self.leave()

        def ended() -> None:
            held.close()
            self.window.leave, view.escape = close, N_("Close")
            buttons = [
                Button(_("Close"), close),
                Button(_("Log"), lambda: self.window.read(_("Log"), running.log)),
            ]
            if running.failure:
                text = _("Failed, and the image that runs starts as before: {why}")
                view.end(False, text.format(why=running.failure))
            else:
                view.end(True, done)
                buttons.insert(0, Button(_("Restart"), self.window.restart))
            view.put_buttons(buttons)

        work_on(self.window, running, view.follow, ended, partial(self.unchanged, slots))


def _sentence(reason: Reason) -> str:
    text = str(reason)
    return f"{text[:1].upper()}{text[1:]}."

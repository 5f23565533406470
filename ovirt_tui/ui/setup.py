"""The setup program: a menu at the left, the chosen page at the right, and Save."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from ovirt_tui.features.draft import Draft
from ovirt_tui.features.drift import Drift
from ovirt_tui.features.page_order import pages
from ovirt_tui.features.rules import SETUP_RULES, wrong
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Problem
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.security import Users
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import Planned, due
from ovirt_tui.plan.saved import applied, saved_config, saved_text
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.door import Door
from ovirt_tui.ui.drift_notice import DriftNotice
from ovirt_tui.ui.enquiry import enquire
from ovirt_tui.ui.entering import Entering
from ovirt_tui.ui.form import Callbacks, Form
from ovirt_tui.ui.image_actions import ImageActions
from ovirt_tui.ui.menu import Menu
from ovirt_tui.ui.node_actions import NodeActions
from ovirt_tui.ui.progress import ProgressView, Running, work_on
from ovirt_tui.ui.rescan import look_again
from ovirt_tui.ui.setup_view import SetupView
from ovirt_tui.ui.ssh_keys import ask_keys
from ovirt_tui.ui.widgets import Button
from ovirt_tui.ui.window import Window

LABEL_WIDTH = 17


class SavedElsewhere(StepFailed):
    """Another session saved settings since this one read them."""


class Setup:
    """The node's settings: *saved* are those that were applied last."""

    def __init__(self, window: Window, facts: Facts, saved: NodeConfig, door: Door | None = None) -> None:
        self.window, self.saved, self.known = window, saved, saved_text(window.system)
        self.draft = Draft(facts, saved, SETUP_RULES)
        self.applied = {action.title: saved for action in SETUP}
        self.pages = tuple(page for page in pages() if page.setup)
        self.menu = Menu([_(page.title) for page in self.pages], self.turn)
        self.running: Running | None = None
        self.outside = DriftNotice(window)
        self.close: Callable[[], None] = lambda: self.open(0)
        self.door = door or Door(window)
        self.images = ImageActions(window, self.door, lambda: self.draft.facts, lambda: self.open(self.menu.here))
        self.node_actions = NodeActions(window, self.door, self.images)
        window.leave = self.leave
        self.open(0)
        self.compare()

    def propose(self, nic: NicSelector | None) -> None:
        """Propose *nic*, the new name of the management interface, if it was renamed."""
        if not nic:
            return
        was = self.saved[Network].nic
        self.draft.put("network.nic", nic)
        self.open(next(index for index, page in enumerate(self.pages) if "network.nic" in page.paths()))
        text = _("{was} is called {now} now, by its hardware address. Save uses it under that name.")
        self.window.tell(_("Management interface"), text.format(was=was, now=nic))

    def open(self, index: int) -> None:
        """Show the page at *index*."""
        self.page = self.pages[index]
        self.menu.go(index)
        window = self.window
        callbacks = Callbacks(
            deed=self.node_actions.do,
            changed=self.mark,
            keys=partial(ask_keys, window, self.draft),
            enquire=partial(enquire, window, self.reopen),
            outside=lambda: self.outside.remarks(self.draft),
        )
        self.form = Form(self.page, self.draft, window.system, window.probes, window.theme, LABEL_WIDTH, callbacks)
        self.set_buttons()
        self.view = SetupView(self.menu, self.form, window.theme, {"f10": self.save, "f5": self.look_again})
        self.view.title = self.draft.facts.hostname
        window.show(self.view)
        self.mark()

    def set_buttons(self) -> None:
        """Show the buttons of the page; Adopt only where something was changed outside."""
        if self.page.paths():
            adopt = [Button(_("Adopt"), self.adopt)] if self.outside.can_adopt(self.page) else []
            self.form.set_buttons([*adopt, Button(_("Reset"), self.reset), Button(_("Save"), self.save)])

    def compare(self) -> None:
        """Check whether the node is as it was saved, and show differences on the pages."""
        saved = self.compared()

        def done(found: Drift) -> None:
            if self.compared() == saved:
                self.show_drift(found)

        self.outside.compare(saved, self.draft.facts, done)

    def show_drift(self, found: Drift) -> None:
        """Show on the page what was *found* to be changed outside."""
        if found != self.outside.found:
            self.outside.found = found
            if isinstance(self.window.view, SetupView):
                on_button = self.form.here()[0] == 2
                self.set_buttons()
                self.form.refresh()
                if on_button:
                    self.form.focus_forward()

    def compared(self) -> NodeConfig | None:
        """The settings to compare with; None after a save that failed half way, or one of another session."""
        return None if self.half_saved() or self.is_saved_elsewhere() else self.saved

    def is_saved_elsewhere(self) -> bool:
        """Whether another session saved settings since this one read them."""
        return saved_text(self.window.system) != self.known

    def adopt(self) -> None:
        """Take what was changed outside onto this page; Save keeps it."""
        self.outside.adopt(self.draft, self.page)
        self.reopen()

    def reopen(self) -> None:
        """Build the page again, with the focus where it was, and what was typed."""
        on_page, here, before = self.view.columns.focus_position == 2, self.form.here(), self.form
        self.open(self.pages.index(self.page))
        self.form.restore(before.keep())
        self.form.resume(before)
        if on_page and here in self.form.stops():
            self.view.to_page()
            self.form.go(here)

    def look_again(self) -> None:
        """Probe the machine again, unless that would discard changes."""
        if self.changed():
            self.form.show_error(_("save or reset first: there are changes on this page"))
            return

        def found(facts: Facts) -> None:
            if not self.changed():
                self.draft.facts = facts
                self.reopen()
                self.compare()

        look_again(self.window, self.form, found)

    def mark(self) -> None:
        """Show in the header whether something is not saved."""
        host = self.draft.facts.hostname
        unsaved = self.changed() or self.half_saved()
        self.window.name(_("{host}   not saved").format(host=host) if unsaved else host)

    def changed(self) -> bool:
        """Whether there are unsaved changes."""
        return self.draft.config != self.saved or bool(self.draft.errors) or self.form.pending

    def half_saved(self) -> bool:
        """Whether a save failed after some of its actions were applied."""
        return any(config != self.saved for config in self.applied.values())

    def turn(self, index: int) -> None:
        """Go to another page; ask first when there are unsaved changes."""
        if not self.changed():
            self.open(index)
            return
        self.ask_unsaved(lambda: self.open(index))

    def unsaved(self) -> str:
        """The labels of unsaved changes; a typed password is not a setting yet."""
        paths = [each.path for each in self.draft.config.differences(self.saved)]
        paths += [path for path in self.draft.errors if path not in paths]
        names = [_(self.saved.setting(path).label) for path in paths]
        return ", ".join((*names, _("a password")) if self.form.pending or not names else names)

    def ask_unsaved(self, after: Callable[[], None]) -> None:
        """Ask whether to save or drop changes, then call *after*."""

        def drop() -> None:
            self.drop()
            after()

        text = _("Changed but not saved: {names}.").format(names=self.unsaved())
        stay = (_("Stay"), lambda: None)
        save = (_("Save"), lambda: self.save(after))
        self.window.ask(_("Unsaved changes"), text, [stay, (_("Drop them"), drop), save])

    def drop(self) -> None:
        """Drop unsaved changes."""
        self.form.forget()
        self.draft.config = self.saved
        self.draft.errors.clear()

    def reset(self) -> None:
        """Show this page as it was saved; ask before changes are dropped."""

        def again() -> None:
            self.drop()
            self.reopen()

        if not self.changed():
            again()
            return
        text = _("Changed but not saved: {names}.").format(names=self.unsaved())
        self.window.ask(_("Drop the changes?"), text, [(_("Stay"), lambda: None), (_("Drop them"), again)])

    def plan(self) -> tuple[Planned, ...]:
        """The plan from what was applied to what is wanted now, action by action."""
        new, facts = self.draft.config, self.draft.facts
        return tuple(
            planned
            for action in SETUP
            for planned in due(action, self.applied[action.title], new, facts, self.window.system)
        )

    def save(self, after: Callable[[], None] | None = None, trusted: bool = False, confirmed: bool = False) -> None:
        """Apply what changed, when the page has no problems.

        *trusted*: the password of admin was given, so this is not somebody who found a console.  *confirmed*: putting
        back changes from outside was confirmed.
        """
        if not self.page.paths():
            return
        if not self.form.commit() or self.form.show_problems(self.wrong()):
            self.view.to_page()
            return
        if self.is_saved_elsewhere():
            self.merge_other_save()
            return
        shown = set(self.page.paths()) & set(self.outside.remarks(self.draft))
        then = partial(self.save_planned, shown, after, trusted, confirmed)
        self.window.wait(_("Comparing this node with what was saved ..."), self.probe, then)

    def probe(self) -> tuple[Drift, Running] | StepFailed:
        """Compare the machine with what was saved and plan the changes; runs in the worker thread."""
        try:
            return self.outside.drift(self.compared(), self.draft.facts), Running(self.plan())
        except StepFailed as failure:
            return failure

    def save_planned(
        self,
        shown: set[str],
        after: Callable[[], None] | None,
        trusted: bool,
        confirmed: bool,
        probed: tuple[Drift, Running] | StepFailed,
    ) -> None:
        """Go on with a save, once the machine was *probed*; *shown* are the differences that the page has shown."""
        if isinstance(probed, StepFailed):
            self.form.show_error(str(probed))
            return
        found, running = probed
        self.show_drift(found)
        entering = self.entering()
        if why := entering.unfinished():
            self.form.show_error(why)
        elif (names := self.outside.not_shown(self.draft, shown)) and not confirmed:
            self.ask_put_back(names, lambda: self.save(after, trusted, confirmed=True))
        elif entering.lets_in() and not trusted:
            over_ssh = entering.opens_ssh() and not self.draft.config[Users].admin_password
            self.door.confirm_login_change(
                lambda: self.save(after, trusted=True, confirmed=confirmed), over_ssh=over_ssh
            )
        elif running.planned:
            self.begin(running, after)
        else:
            self.settle()
            self.reopen()
            if after:
                after()
            else:
                self.window.tell(_("Save"), _("Nothing to do: this node is as these pages say."))

    def ask_put_back(self, names: tuple[str, ...], after: Callable[[], None]) -> None:
        """Ask before changes from outside are put back that this page does not show."""
        text = _(
            "Save also puts back what was changed outside this program: {names}. "
            "To keep a setting, adopt it on its page first."
        )
        ways = [(_("Stay"), lambda: None), (_("Save"), after)]
        self.window.ask(_("Changed outside this program"), text.format(names=", ".join(names)), ways)

    def begin(self, running: Running, after: Callable[[], None] | None) -> None:
        """Run the plan in the worker thread."""
        self.running = running
        view = ProgressView(self.window, _("Saving"), running)
        view.escape = ""
        self.window.show(view)
        work_on(self.window, running, view.follow, lambda: self.ended(view, running, after), self.alone)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock for saving; SavedElsewhere if another session saved since this one read the settings."""
        with self.window.saving():
            if self.is_saved_elsewhere():
                raise SavedElsewhere(_("another session has saved settings in the meantime; nothing was saved here"))
            try:
                yield
            finally:
                self.known = saved_text(self.window.system)

    def merge_other_save(self) -> None:
        """Load what another session saved, and put the changes of this one on top, for the admin to review."""
        system = self.window.system
        mine = self.draft.config.differences(self.saved)
        before, self.known, self.saved = self.saved, saved_text(system), saved_config(system, self.draft.facts)
        theirs = self.saved.differences(before)
        changed = self.draft.config
        self.draft.config = self.saved
        for each in mine:
            self.draft.config = self.draft.config.put(each.path, changed.get(each.path))
        self.applied = dict.fromkeys(self.applied, self.saved)
        self.reopen()
        self.compare()
        names = ", ".join(_(each.label) for each in theirs) or _("a password")
        text = _(
            "Another session has saved {names} in the meantime, and nothing was saved here. "
            "Your changes are kept: look at them and save again, or reset them."
        )
        self.window.tell(_("Settings have changed"), text.format(names=names))

    def wrong(self) -> list[Problem]:
        """Problems that block saving this page: all of its own, and those of other pages that were not there before."""
        before = wrong(self.saved, self.draft.facts, SETUP_RULES)
        return [each for each in self.draft.problems() if each.path in self.page.paths() or each not in before]

    def entering(self) -> Entering:
        """Who can log in after a save, but not before."""
        return Entering(self.draft.config, self.outside.here(self.saved), (self.saved, *self.applied.values()))

    def settle(self) -> None:
        """Record the wanted settings as saved and applied."""
        self.saved = self.draft.config = applied(self.draft.config, self.window.system)
        self.applied = dict.fromkeys(self.applied, self.saved)

    def ended(self, view: ProgressView, running: Running, after: Callable[[], None] | None) -> None:
        """Record what was applied, and show how it ended."""
        if isinstance(running.failure, SavedElsewhere):
            self.merge_other_save()
            return
        for each in running.planned[: running.done]:
            self.applied[each.title] = self.draft.config
        view.escape = N_("Close")
        self.window.name(_("Failed") if running.failure else _("Saved"))
        self.close = after if after and not running.failure else self.reopen
        close = Button(_("Close"), self.close)
        log = Button(_("Log"), lambda: self.window.read(_("Log"), running.log))
        if running.failure:
            back = _("Failed, and what this step had changed was taken back: {why}")
            left = _("Failed, and not all that this step had changed could be taken back (see the log): {why}")
            view.end(False, (left if running.failure.left else back).format(why=running.failure))
        else:
            self.settle()
            view.end(True, _("Saved."))
            self.window.probe_machine(self.know, lambda why: None)
        view.put_buttons([close, log])

    def saving(self, running: Running) -> Callable[[], str]:
        """Return a function that describes the state of the save *running*."""

        def state() -> str:
            if not running.ended:
                return _("The settings are being saved; leave when that is done.")
            return _("Saving them failed.") if running.failure else _("The settings are saved.")

        return state

    def know(self, facts: Facts) -> None:
        """Use the facts of the machine after a save."""
        self.draft.facts = facts
        if isinstance(self.window.view, SetupView):
            self.mark()
        self.compare()

    def leave(self) -> None:
        """Close the report of a save; elsewhere ask before logging off."""
        if self.running and not self.running.ended:
            self.window.tell(_("Saving"), self.saving(self.running))
            return
        if isinstance(self.window.view, ProgressView):
            self.close()
            return
        if self.changed():
            self.ask_unsaved(self.window.quit)
            return
        text = _("This node goes on running.")
        if self.half_saved():
            text = _("The last save failed half way: save again, or this node keeps some of it. It goes on running.")
        self.window.ask(_("Log off?"), text, [(_("Stay"), lambda: None), (_("Log off"), self.window.quit)])

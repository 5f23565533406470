"""The installer: pages in order, the confirmation, the installation, and its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ovirt_tui.autoinstall.interrupted import Left, put_found
from ovirt_tui.autoinstall.understand import put_line
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.page_order import pages
from ovirt_tui.i18n import N_, _
from ovirt_tui.machine import disks
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.machine.objections import objections
from ovirt_tui.model.problems import Problem, Reason
from ovirt_tui.model.values import show
from ovirt_tui.pages import Choice, Offer, Offers, Page, Purpose, keyboard
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.security import Users
from ovirt_tui.pages.storage.checks import OBJECTION, chosen_disks
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.plan.actions import INSTALL
from ovirt_tui.plan.runner import plan, run
from ovirt_tui.system import StepFailed
from ovirt_tui.ui import boot_notices
from ovirt_tui.ui.carriers import look_for_carriers
from ovirt_tui.ui.confirm import ConfirmView
from ovirt_tui.ui.enquiry import enquire
from ovirt_tui.ui.form import Callbacks, Form, Kept
from ovirt_tui.ui.leave import ask_leave, leaving
from ovirt_tui.ui.medium_repair import MediumRepair
from ovirt_tui.ui.medium_uninstall import MediumUninstall
from ovirt_tui.ui.medium_upgrade import MediumUpgrade
from ovirt_tui.ui.other_device import ask_device
from ovirt_tui.ui.outcome import show_outcome
from ovirt_tui.ui.overrides import ask_override, remaining_overrides
from ovirt_tui.ui.progress import ProgressView, Running, is_alone, work_on
from ovirt_tui.ui.rescan import look_again
from ovirt_tui.ui.ssh_keys import ask_keys
from ovirt_tui.ui.start_over import ask_start_over, differs
from ovirt_tui.ui.widgets import Button
from ovirt_tui.ui.window import View, Window

LABEL_WIDTH = 29
NODE_WAYS: dict[Purpose, type[MediumUpgrade | MediumRepair | MediumUninstall]] = {
    Purpose.UPGRADE: MediumUpgrade,
    Purpose.REPAIR: MediumRepair,
    Purpose.UNINSTALL: MediumUninstall,
}
FACTS = ("storage.boot_disk", "storage.data_disks", "storage.app_disks", "network.nic")
"""Settings chosen from the facts of the machine."""


class PageView(View):
    """A page of the installer."""

    def __init__(self, form: Form, title: str, keys: dict[str, tuple[str, Callable[[], None]]]) -> None:
        self.form, self.title, self.keys = form, title, keys
        self.help = form.page.help
        super().__init__(form)

    @property
    def hints(self) -> str:  # type: ignore[override]
        """The keys of the page, and what the space bar does at the focus."""
        named = (f"{key.upper()} {_(word)}" for key, (word, _does) in self.keys.items())
        several = _("Tab Next") if len(self.form.stops()) > 1 else ""
        return "  ".join(filter(None, (several, self.form.space(), *named)))

    def hotkey(self, key: str) -> bool:
        if key not in self.keys:
            return False
        self.keys[key][1]()
        return True


class Installer:
    """Leads through the pages; *facts* are those of the first probe, *line* is the kernel line."""

    def __init__(self, window: Window, facts: Facts, line: str = "") -> None:
        self.window, self.draft = window, Draft(facts)
        self.mistakes = tuple(str(complaint) for complaint in put_line(self.draft, line))
        self.given = self.begun = self.draft.config
        self.all = tuple(page for page in pages() if page.install)
        self.page = self.all[0]
        self.chose = chosen_disks(self.given)
        self.presets: dict[str, str] = {}
        self.form: Form | None = None
        self.kept = Kept()
        self.taken: tuple[Offer, Left] | None = None
        self.applied = self.draft.config
        self.running: Running | None = None
        window.leave = self.leave

    def tell(self, refusal: str, failure: str, ended: str = "") -> None:
        """Show how an unattended installation ended, or else what is wrong with the kernel line."""
        if ended:
            boot_notices.ended(self.window, ended)
        elif refusal:
            boot_notices.refused(self.window, refusal)
        elif failure:
            boot_notices.failed(self.window, failure)
        elif self.mistakes:
            boot_notices.mistaken(self.window, self.mistakes)

    def pages(self) -> tuple[Page, ...]:
        """The pages that apply to the choices so far; the one that is open stays, whatever a new look found."""
        config, facts = self.draft.config, self.draft.facts
        apart = (page for page in self.all if page is not self.page)
        others = {page.title for page in apart if page.when(config) and page.possible(config, facts)}
        return tuple(page for page in self.all if page is self.page or page.title in others)

    def open(self, page: Page) -> None:
        """Show *page*."""
        if self.form:
            self.kept.update(self.form.keep())
        self.page = page
        self._preset(page)
        self.forget_overrides()
        for path in page.paths():
            self.draft.errors.pop(path, None)
        offered_keys = partial(ask_keys, self.window, self.draft)
        callbacks = Callbacks(
            other=partial(ask_device, self.window, self.draft, lambda: self.open(self.page)),
            offer=self.offer,
            changed=self.changed,
            keys=offered_keys,
            enquire=partial(enquire, self.window, lambda: self.open(page), rescan=self.look_again),
        )
        window = self.window
        self.form = Form(page, self.draft, window.system, window.probes, window.theme, LABEL_WIDTH, callbacks)
        shown = self.pages()
        number = shown.index(page)
        buttons = [Button(_("Back"), self.back)] if number else []
        first = number == 0
        keys: dict[str, tuple[str, Callable[[], None]]] = {}
        if not first:
            keys = {"f9": (N_("Back"), self.back), "f10": (N_("Continue"), self.forward)}
            buttons.append(Button(_("Continue"), self.forward))
            self.form.set_buttons(buttons)
        self.form.restore(self.kept)
        title = _("{title}   {number} of {count}").format(title=_(page.title), number=number + 1, count=len(shown) + 1)
        if any(isinstance(row, Offers) or (isinstance(row, Choice) and row.path in FACTS) for row in page.rows):
            keys["f5"] = (N_("Rescan"), self.look_again)
        window.show(PageView(self.form, title, keys))

    def reopen(self) -> None:
        """Build the page again, with the focus where it was."""
        assert self.form
        before = self.form
        self.open(self.page)
        self.form.resume(before)
        if self.form.editors or before.stops() == self.form.stops():  # else other ways on stand there now
            self.form.go(before.here())

    def look_again(self) -> None:
        """Probe the machine again: a disk may have been plugged in."""

        def found(facts: Facts) -> None:
            self.draft.facts = facts
            self.reopen()

        assert self.form
        look_again(self.window, self.form, found)

    def _preset(self, page: Page) -> None:
        """Choose the preset, unless the admin has chosen something else, or deliberately nothing."""
        for row in page.rows:
            if isinstance(row, Choice) and row.preset:
                value = show(self.draft.config.get(row.path))
                if value == self.presets.get(row.path, ""):
                    self.presets[row.path] = row.preset(self.draft.config, self.draft.facts)
                    self.draft.put(row.path, self.presets[row.path])

    def offer(self, offer: Offer) -> None:
        """Take an offer of the first page; a different one asks first whether to discard what was entered since."""
        if offer.purpose is not Purpose.INSTALL:
            NODE_WAYS[offer.purpose](self.window, self.draft.facts, offer.disk, lambda: self.open(self.page)).show()
            return
        before = self.taken[0] if self.taken else offer
        if before != offer and (any(self.kept.values()) or differs(self.draft.config, self.begun, self.presets)):
            ask_start_over(self.window, before, offer, partial(self.take, offer))
        else:
            self.take(offer)

    def take(self, offer: Offer) -> None:
        """Go on with *offer*; the same one again keeps what was typed and chosen since."""
        again = self.taken and self.taken[0] == offer
        left = self.taken[1] if self.taken and again else self.begin(offer)
        self.taken = (offer, left)
        after = self.pages()[1:]
        asked = {problem.path for problem in self.draft.problems()} | left.paths
        resumed = [page for page in after if asked & set(page.paths())]
        self.open(resumed[0] if offer.answers and resumed else after[0])
        if left.words and not again:
            self.left_out(offer.disk, left)

    def begin(self, offer: Offer) -> Left:
        """Start over from the kernel line and the settings of *offer*."""
        self.draft.config = self.given
        for forgotten in (self.draft.errors, self.presets, self.kept):
            forgotten.clear()
        for path, text in offer.puts:
            self.draft.put(path, text)
        left = put_found(self.draft, offer.disk, offer.answers)
        self.begun = self.draft.config
        return left

    def left_out(self, disk: str, left: Left) -> None:
        """Show what an interrupted installation left on *disk* that is not taken from there."""
        lines = [
            _("The disk {disk} also answers what is never taken from a disk:").format(disk=disk),
            *("", *(f"  {word}" for word in left.words), ""),
            _("Where it was yours, give it again on the pages, or on the kernel line."),
        ]
        self.window.read(_("Not taken from the disk"), lines, _("Go on"), from_end=False)

    def back(self) -> None:
        """Go to the page before this one; what was typed stays."""
        shown = self.pages()
        self.open(shown[shown.index(self.page) - 1])

    def forward(self) -> None:
        """Go to the next page, unless this one or an earlier one has problems."""
        assert self.form
        before = self.draft.config[Users].admin_password
        if not self.form.commit():
            return
        users = self.draft.config[Users]
        if users.admin_password != before and not users.root_password:
            # Expiry is for the password of the kernel line, not for one chosen here.
            self.draft.put("users.expired", "no")
        if self.form.show_problems(self.wrong_so_far()):
            return
        if self.page.overrides and (asked := next(self.objected(), None)):
            ask_override(self.window, self.draft, asked, self.objections(asked), self.forward)
            return
        if "network.nic" in self.page.paths() and not self.draft.config[Network].nic:
            self.ask_without_network()
            return
        self.onward()

    def onward(self) -> None:
        """Open the page after this one."""
        if self.page.live:
            self.apply_keyboard()
        shown = self.pages()
        number = shown.index(self.page) + 1
        if number < len(shown):
            self.open(shown[number])
        else:
            self.open_confirm()

    def ask_without_network(self) -> None:
        """Ask for confirmation that there is to be no network."""
        text = _("No interface is chosen: this node will have no network, and be managed on its console only.")
        ways = [(_("Back"), lambda: None), (_("Without network"), self.onward)]
        self.window.ask(_("No network?"), text, ways)

    def look_for_carriers(self) -> None:
        """Find out which interfaces have a carrier; their page, if it is open already, is updated."""

        def show() -> None:
            if "network.nic" in self.page.paths() and isinstance(self.window.view, PageView):
                self.reopen()

        look_for_carriers(self.window, self.draft, lambda: self.window.when_no_dialog(show))

    def wrong_so_far(self) -> list[Problem]:
        """Problems of this page and those before it, without objections, which have a dialog of their own."""
        shown = self.pages()
        known = {path for page in shown[: shown.index(self.page) + 1] for path in page.paths()}
        problems = self.draft.problems()
        return [each for each in problems if each.path in known and each.reason.kind is not OBJECTION]

    def chosen(self) -> tuple[str, ...]:
        """Paths of the chosen disks that exist."""
        found = (disks.named(self.draft.facts, name) for _path, name in chosen_disks(self.draft.resolved))
        return tuple(disk.path for disk in found if disk)

    def objections(self, disk: Disk) -> tuple[Reason, ...]:
        """Why *disk* should not be overwritten."""
        return tuple(objections(self.draft.facts, disk, self.chosen()))

    def objected(self) -> Iterator[Disk]:
        """Chosen disks that should not be overwritten and have no override."""
        facts = self.draft.facts
        overrides = [disks.named(facts, str(name)) for name in self.draft.config[Storage].override]
        for path in dict.fromkeys(self.chosen()):
            disk = disks.find(facts, path)
            if disk not in overrides and self.objections(disk):
                yield disk

    def changed(self) -> None:
        """Apply the immediate effects of a changed value."""
        self.forget_overrides()
        if self.page.live:
            self.apply_keyboard()

    def forget_overrides(self) -> None:
        """Drop the overrides of disks that are no longer chosen: chosen again, they are asked about again."""
        before, self.chose = self.chose, chosen_disks(self.draft.config)
        overrides = self.draft.config[Storage].override
        if overrides:
            left = {name for _setting, name in set(before) - set(self.chose)}
            kept = remaining_overrides(self.draft.facts, map(str, overrides), self.chosen(), left)
            self.draft.put("storage.override", ",".join(kept))

    def apply_keyboard(self) -> None:
        """Load the chosen keyboard layout now, so that passwords are typed with it."""
        if self.draft.config[keyboard.Keyboard] == self.applied[keyboard.Keyboard]:
            return
        self.applied = self.draft.config
        planned = plan(keyboard.FEATURE.actions, self.draft.config, self.draft.facts)

        def job() -> str:
            try:
                run(planned, self.window.system, lambda progress: None)
            except StepFailed as failure:
                return str(failure)
            return ""

        def done(failure: str) -> None:
            if failure:
                self.window.tell(_("The keyboard layout could not be set"), failure)

        self.window.work.start(job, done)

    def open_confirm(self) -> None:
        """Show what will be done, and load what it needs in the meantime."""
        self.window.system.warm_up()
        self.window.show(ConfirmView(self.draft, lambda: self.open(self.page), self.install))

    def install(self) -> None:
        """Install, unless another console is installing."""
        if not is_alone(self.window, _("Not installed")):
            return
        self.running = Running(plan(INSTALL, self.draft.config, self.draft.facts))
        self.work()

    def work(self) -> None:
        """Run the plan; what was done in an earlier run is skipped."""
        assert self.running
        title = _("Installing {product} {version}").format(
            product=self.draft.facts.product, version=self.draft.facts.version
        )
        view = ProgressView(self.window, title, self.running)
        self.window.show(view)
        work_on(
            self.window, self.running, view.follow, lambda: show_outcome(self.window, view, self.again, self.change)
        )

    def again(self) -> None:
        """Retry; steps that were made hold and are skipped."""
        assert self.running
        self.running = Running(self.running.planned, log=self.running.log, seconds=self.running.seconds)
        self.work()

    def change(self) -> None:
        """Go back to the settings after a failure; the half-done installation on the chosen disk is no obstacle."""

        def found(facts: Facts) -> None:
            self.draft.facts, self.running = facts, None
            begun = [disks.node_on(facts, disks.find(facts, path)) for path in self.chosen()]
            if self.draft.config[Storage].found.refuses and any(begun):
                self.draft.put("storage.found", show(Found.WIPE))
            asking = [page for page in self.pages() if "storage.boot_disk" in page.paths()]
            self.open(asking[0] if asking else self.pages()[1])

        self.window.probe_machine(found, busy=_("Looking at this machine ..."))

    def leave(self) -> None:
        """Ask what to do instead of installing."""
        ask_leave(self.window, _("Leave the installer?"), self.state)

    def state(self) -> str:
        """What leaving means in the present state."""
        return leaving(self.draft.facts, self.running, self.window.system.begun())

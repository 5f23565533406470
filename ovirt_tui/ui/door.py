"""Asks for the password of admin: to unlock the screen, and before a shell on an installed node."""

from __future__ import annotations

from collections.abc import Callable

from ovirt_tui.i18n import _
from ovirt_tui.system.steps import Password
from ovirt_tui.ui.dialogs import Line
from ovirt_tui.ui.window import Window

USER = "admin"
FREE = 2  # wrong passwords without a delay
LONGEST = 60  # seconds; the longest delay after a wrong password
FORGOTTEN = 600  # seconds after which wrong passwords are forgotten
IDLE = 1800  # seconds without a key after which the screen locks itself


class Door:
    """Asks for the password of admin.  Each wrong one is logged to the journal, and lengthens the delay."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.wrong = 0
        self.last = 0.0
        self.locked = False
        window.allow = self.allow

    def lock(self) -> None:
        """Hide the screen until the password of admin is given; refused where admin has none."""
        if self._without_password():
            self.window.tell(_("Lock"), _("admin has no password here: nobody could open a locked screen again."))
            return
        self.locked = True
        self._log(_("screen locked"))
        self.window.ask_text(
            _("Locked"),
            _("This screen is locked. Give the password of admin to go on."),
            Line(label=_("Password"), check=self._check, take=self._unlocked, secret=True, required=True),
        )

    def allow(self, then: Callable[[], None]) -> None:
        """Ask for the password of admin, then call *then*; refused where admin has none."""
        if self._without_password():
            self.window.tell(_("Shell"), _("admin has no password here, so none can be asked for: there is no shell."))
            return
        self._ask(_("Shell"), _("Give the password of admin to open a shell as root."), then, self._check)

    def confirm_login_change(self, then: Callable[[], None], over_ssh: bool) -> None:
        """Ask for the password of admin, if there is one, then call *then*; with *over_ssh*, a weak one is refused."""
        if self._without_password():
            then()
            return
        text = _("Give the present password of admin to change who gets in.")
        self._ask(_("Passwords"), text, then, self._check_for_ssh if over_ssh else self._check)

    def confirm_image(self, then: Callable[[], None]) -> None:
        """Ask for the password of admin, if there is one, before an image of nobody known is written."""
        if self._without_password():
            then()
            return
        text = _("Nobody known has signed this image. Give the password of admin to have this node run it.")
        self._ask(_("Upgrade"), text, then, self._check)

    def _ask(self, title: str, text: str, then: Callable[[], None], check: Callable[[str], str]) -> None:
        line = Line(label=_("Password"), check=check, take=lambda _password: then(), secret=True)
        self.window.ask_text(title, text, line)

    def watch(self) -> None:
        """Lock the screen when no key was pressed for IDLE seconds; schedules the next check."""
        left = self.window.pressed + IDLE - self.window.clock()
        if left <= 0:
            self._idle()
            left = IDLE
        self.window.after(left, self.watch)

    def _idle(self) -> None:
        if self.locked:
            return
        if self._without_password():
            self._log(_("logged off: no key was pressed for {minutes} minutes").format(minutes=IDLE // 60))
            self.window.quit()
        else:
            self.lock()

    def _without_password(self) -> bool:
        return self.window.system.holds(Password(USER, None))

    def _unlocked(self, _password: str) -> None:
        self.locked = False
        self._log(_("screen unlocked"))

    def _check(self, password: str) -> str:
        now = self.window.clock()
        if now - self.last > FORGOTTEN:
            self.wrong = 0
        left = self.last + self._cost() - now
        if left > 0:
            return _("too many wrong passwords: try again in {seconds} seconds").format(seconds=int(left) + 1)
        if not password:  # somebody wakes a blank screen: not an attempt
            return _("Type the password of admin.")
        if self.window.system.verify(USER, password):
            self.wrong = 0
            return ""
        self.wrong += 1
        self.last = self.window.clock()
        self._log(_("wrong password for {user}, number {number}").format(user=USER, number=self.wrong))
        return _("that is not the password of admin")

    def _check_for_ssh(self, password: str) -> str:
        if wrong := self._check(password):
            return wrong
        weak = self.window.system.weakness(password)
        text = _("this password is too weak to log in over SSH with: {reason}; go back and type a better one for admin")
        return text.format(reason=weak) if weak else ""

    def _cost(self) -> int:
        """Seconds of delay after self.wrong wrong passwords: 2, 4, 8, ..."""
        return int(min(2 ** (self.wrong - FREE), LONGEST)) if self.wrong > FREE else 0

    def _log(self, text: str) -> None:
        self.window.system.log(_("{console}: {text}").format(console=self.window.console, text=text))

"""SSH keys: their row on a page, and the dialogs that add and remove them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import urwid

from ovirt_tui.features.draft import Draft
from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts, Part
from ovirt_tui.model.public_keys import TYPES, SshKey, plain_keys
from ovirt_tui.model.values import Unfit, show
from ovirt_tui.pages import Field
from ovirt_tui.pages.security import Users
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.dialogs import Line
from ovirt_tui.ui.outcome import sticks
from ovirt_tui.ui.rows import EditorRow, Problems
from ovirt_tui.ui.table import cut
from ovirt_tui.ui.widgets import Button, dotted
from ovirt_tui.ui.window import Window

PATH = "users.ssh_keys"
MOST = 20  # key files of the sticks that are shown
NAMED = 34  # columns of a key's comment

Changed = Callable[[], None]


class KeysRow(EditorRow):
    """The number of keys and their comments, and a button to change them."""

    def __init__(self, field: Field, draft: Draft, press: Callable[[], None], label_width: int) -> None:
        self.shown = dotted()
        label, button = urwid.Text(_(draft.config.setting(field.path).label), wrap="clip"), Button(_("Change"), press)
        cells = [(label_width, label), (button.width, button), self.shown]
        super().__init__(field, draft, [urwid.Columns(cells, dividechars=1, focus_column=1)], label_width)

    def refresh(self, problems: Problems, asked: bool) -> None:
        """Show the present keys."""
        keys = self.draft.config[Users].ssh_keys
        names = ", ".join(key.comment or key.kind for key in keys)
        self.shown.set_text(_("{count}: {names}").format(count=len(keys), names=names) if keys else _("none"))
        problem = problems.get(self.field.path)
        self.say(str(problem) if problem else "", ("help", _(self.setting.help)))

    def commit(self) -> bool:
        """Hand over what was held back; nothing here is."""
        return True


def named(key: SshKey) -> str:
    """A key in one line."""
    return f"{key.kind} {cut(key.comment or key.fingerprint, NAMED)}"


def ask_keys(window: Window, draft: Draft, changed: Changed) -> None:
    """Offer to add or remove a key."""
    keys = draft.config[Users].ssh_keys

    def put(*wanted: SshKey) -> None:
        draft.put(PATH, show(plain_keys("\n".join(wanted))))
        changed()

    def remove(key: SshKey) -> None:
        text = _("{key}\n{fingerprint}\n\nWhoever has it can no longer log in with it.")
        kept = [each for each in keys if each != key]
        ways = [(_("Back"), lambda: None), (_("Take it away"), lambda: put(*kept))]
        window.ask(_("Take this key away?"), text.format(key=named(key), fingerprint=key.fingerprint), ways)

    text = _("Whoever has the other half of a key here may log in as admin over SSH.")
    text += _(" Choose a key to take it away.") if keys else ""
    ways = [
        (_("Type or paste a key"), partial(ask_key, window, lambda key: put(*keys, key))),
        (_("Take keys from a USB stick"), partial(ask_key_stick, window, lambda found: put(*keys, *found))),
        *((named(key), partial(remove, key)) for key in keys),
    ]
    window.pick(_("SSH keys of admin"), text, ways)


def ask_key(window: Window, take: Callable[[SshKey], None]) -> None:
    """Let the admin type or paste a key."""

    def check(typed: str) -> str:
        try:
            SshKey(typed)
        except Unfit as unfit:
            return str(unfit)
        several = any(word in TYPES for word in typed.split()[2:])  # line breaks in a paste become blanks
        return _("these are several keys: give them one after the other") if several else ""

    text = _("The line of a .pub file, as 'ssh-keygen -t ed25519' writes it: ssh-ed25519 AAAA... name")
    line = Line(label=_("Key"), check=check, take=lambda typed: take(SshKey(typed)), longest=SshKey.longest)
    window.ask_text(_("A public key"), text, line)


def ask_key_stick(window: Window, take: Callable[[tuple[SshKey, ...]], None]) -> None:
    """Look for .pub files on USB sticks, and let the admin choose one."""
    title = _("Keys on a USB stick")

    def found(facts: Facts) -> None:
        parts = [part for _disk, part in sticks(facts)]
        if not parts:
            window.tell(title, _("No USB stick with a file system was found. Plug one in and try again."))
            return
        window.wait(_("Reading the USB sticks ..."), job_for(parts), picked)

    def job_for(parts: list[Part]) -> Callable[[], list[tuple[str, tuple[SshKey, ...]]] | str]:
        def job() -> list[tuple[str, tuple[SshKey, ...]]] | str:
            try:
                return [
                    (f"{part.path} {name}", plain_keys(text)) for part in parts for name, text in window.keys_on(part)
                ]
            except StepFailed as failure:
                return str(failure)

        return job

    def picked(files: list[tuple[str, tuple[SshKey, ...]]] | str) -> None:
        if isinstance(files, str):
            window.tell(title, files)
            return
        ways = [(f"{name}: {named(keys[0])}", partial(take, keys)) for name, keys in files if keys][:MOST]
        if not ways:
            window.tell(title, _("There is no .pub file with a key at the top of the stick."))
            return
        window.pick(title, _("Files with public keys. Choose one to let its keys in."), ways)

    window.probe_machine(found, busy=_("Looking for USB sticks ..."))

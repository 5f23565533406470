"""The row of a secret that the node keeps as it is."""

from __future__ import annotations

from ovirt_tui.i18n import _
from ovirt_tui.model.values import parse
from ovirt_tui.ui.rows import PasswordRow


class PassphraseRow(PasswordRow):
    """A secret typed twice.  It gets into the draft when the admin goes on, and is never shown again."""

    def unfit(self, password: str) -> str:
        """Why *password* is none of its type; an empty one changes nothing."""
        try:
            parse(self.setting.type, password)
        except ValueError as error:
            return str(error)
        return ""

    def otherwise(self) -> tuple[str, str]:
        """What is said below the fields while nothing is wrong, with its style."""
        if not self.applies:
            return "help", _("not used now")
        if self.draft.config.get(self.field.path) and not self.first.edit_text:
            return "help", _("One is set; leave this empty to keep it.")
        return "help", _(self.setting.help)

    def put(self, password: str) -> None:
        """Put *password* into the draft."""
        self.draft.put(self.field.path, password)

"""F5: looks at the machine again, and says so on the page meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ovirt_tui.i18n import _
from ovirt_tui.machine.facts import Facts
from ovirt_tui.ui.form import Form
from ovirt_tui.ui.window import Window


def look_again(window: Window, form: Form, found: Callable[[Facts], None]) -> None:
    """Probe the machine again; *found* gets the facts, unless the admin has left the page of *form* meanwhile.

    What is found changes the page, so it waits until no dialog is open.
    """
    view = window.view

    def show(facts: Facts) -> None:
        if window.view is view:
            form.show_error("")
            found(facts)

    def failed(why: str) -> None:
        form.show_error("")
        window.tell(_("This machine could not be looked at"), why)

    form.show_error("")
    form.message.set_text(("help", _(" Looking at the machine ...")))
    window.probe_machine(lambda facts: window.when_no_dialog(partial(show, facts)), failed)

"""Enquiries: a button of a page asks in the background, and a dialog shows the answer with the ways on from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ovirt_tui.i18n import _
from ovirt_tui.pages import Answer, Enquiry, Way
from ovirt_tui.system import StepFailed
from ovirt_tui.ui.form import Form
from ovirt_tui.ui.window import Window

FEW = 2
"""Ways that are buttons of the answer; more are a list."""


def enquire(
    window: Window, again: Callable[[], None], form: Form, enquiry: Enquiry, rescan: Callable[[], None] | None = None
) -> None:
    """Ask *enquiry* about what the page *form* says now.

    *again* shows the page once an answer has put settings, *rescan* looks at the machine where it asks for that.
    """
    if not form.commit():
        return
    draft = form.draft
    if form.show_problems([each for each in draft.problems() if each.path in enquiry.needs]):
        return
    resolved, facts = draft.resolved, draft.facts

    def job() -> Answer | StepFailed:
        try:
            return enquiry.ask(window.system, resolved, facts)
        except StepFailed as failure:
            return failure

    def put(way: Way) -> None:
        for path, text in way.puts:
            draft.put(path, text)
        again()

    def done(answer: Answer | StepFailed) -> None:
        title = _(enquiry.title)
        if isinstance(answer, StepFailed):
            window.tell(title, str(answer))
            return
        if answer.rescan and rescan:
            rescan()
        _show(window, title, answer.text, [(_(way.title), partial(put, way)) for way in answer.ways])

    window.wait(_(enquiry.busy), job, done)


def _show(window: Window, title: str, text: str, ways: list[tuple[str, Callable[[], None]]]) -> None:
    if not ways:
        window.tell(title, text)
    elif len(ways) <= FEW:
        window.ask(title, text, [(_("Back"), lambda: None), *ways])
    else:
        window.pick(title, text, ways)

"""Overrides: disks to use in spite of what is on them, as long as they are chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ovirt_tui.features.draft import Draft
from ovirt_tui.i18n import _
from ovirt_tui.machine.disks import named, stable_name
from ovirt_tui.machine.facts import Disk, Facts
from ovirt_tui.model.problems import Reason
from ovirt_tui.pages.storage.settings import Storage
from ovirt_tui.ui.dialogs import Line
from ovirt_tui.ui.window import Window


def remaining_overrides(facts: Facts, names: Iterable[str], chosen: tuple[str, ...], left: set[str]) -> Iterator[str]:
    """Those of *names* whose disks exist, have their path in *chosen*, and are not in *left*, just deselected."""
    gone = {disk.path for name in left if (disk := named(facts, name))}
    for name in names:
        disk = named(facts, name)
        if disk and disk.path in chosen and disk.path not in gone:
            yield name


def ask_override(
    window: Window, draft: Draft, disk: Disk, objections: Iterable[Reason], then: Callable[[], None]
) -> None:
    """Let the admin override *objections* to *disk* by typing its name; then call *then*."""
    reasons = "\n".join(f"- {disk.path} {text}" for text in objections)
    text = _("{reasons}\n\nAll of this is destroyed for good. To use the disk in spite of it, type its name.")

    def check(typed: str) -> str:
        return "" if typed.strip() == disk.path else _("type {path}, or go back").format(path=disk.path)

    def take(_typed: str) -> None:
        overrides = (*map(str, draft.config[Storage].override), stable_name(draft.facts, disk))
        draft.put("storage.override", ",".join(dict.fromkeys(overrides)))
        then()

    title = _("{path} should not be overwritten").format(path=disk.path)
    window.ask_text(title, text.format(reasons=reasons), Line(label=_("Disk"), check=check, take=take))

"""Another offer chosen on the first page: what was entered for the first is only dropped after a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ovirt_tui.i18n import _
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.values import show
from ovirt_tui.pages import Offer
from ovirt_tui.ui.window import Window


def differs(config: NodeConfig, begun: NodeConfig, presets: Mapping[str, str]) -> bool:
    """Say whether *config* has settings changed since it was *begun*, other than by *presets*."""
    changed = (each.path for each in config.differences(begun))
    return any(path not in presets or show(config.get(path)) != presets[path] for path in changed)


def ask_start_over(window: Window, before: Offer, now: Offer, then: Callable[[], None]) -> None:
    """Ask whether to drop what was entered for the offer *before* and take the one chosen *now*; if so, call *then*."""
    text = _("What you have given so far belongs to '{before}'. '{now}' begins anew, and all of that is dropped.")
    said = text.format(before=_(before.title), now=_(now.title))
    window.ask(_("Start anew?"), said, [(_("Back"), lambda: None), (_("Start anew"), then)])

"""Every page, in its order: those of the features, and those that are about the whole machine."""

from __future__ import annotations

from ovirt_tui.features.order import FEATURES
from ovirt_tui.pages import Page, image, persistence, status, welcome

ABOUT = (welcome.PAGE, status.PAGE, image.PAGE, persistence.PAGE)


def pages() -> tuple[Page, ...]:
    """Every page, in order."""
    of_features = (page for each in FEATURES for page in each.every_page())
    return tuple(sorted((*ABOUT, *of_features), key=lambda page: page.order))

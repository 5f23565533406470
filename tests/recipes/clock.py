"""The clock, as a page of its own."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.pages import Field, Page

PAGE = Page(
    order=29,
    title=N_("Clock"),
    setup=True,
    help=N_(
        "This page says who tells this node the time. Without servers of your own, it asks those of the distribution. "
        "Nothing is changed before Save."
    ),
    rows=(Field("network.ntp_enabled"), Field("network.ntp")),
)

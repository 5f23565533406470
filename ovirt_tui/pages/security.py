"""Passwords, and who may come in over SSH."""

from __future__ import annotations

from ovirt_tui.config import NodeConfig
from ovirt_tui.i18n import N_
from ovirt_tui.pages import Field, Heading, Page


def root_may_come_in(config: NodeConfig) -> bool:
    return not config.users.root_locked


PAGE = Page(
    order=20,
    title=N_("Security"),
    setup=True,
    rows=(
        Heading(N_("Remote access")),
        Field("users.ssh_password_login"),
        Field("users.ssh_keys"),
        Heading(N_("Passwords (empty: unchanged)")),
        Field("users.admin_password"),
        Field("users.root_locked"),
        Field("users.root_password", when=root_may_come_in),
        Field("users.expired"),
    ),
)

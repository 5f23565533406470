"""Passwords, and who may come in over SSH."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.pages import Field, Heading, Page

PAGE = Page(
    order=20,
    title=N_("Security"),
    setup=True,
    help=N_(
        "This page sets the passwords, and says whether SSH takes one. An empty password field changes nothing. While "
        "root is locked, nobody can log in as root with a password; unlocking it needs a new one. With the box at the "
        "end, the passwords typed here have to be replaced at the first login. Nothing is changed before Save."
    ),
    rows=(
        Heading(N_("Remote access")),
        Field("users.ssh_password_login"),
        Field("users.ssh_keys"),
        Heading(N_("Passwords (empty: unchanged)")),
        Field("users.admin_password", boot="users.boot_password"),
        Field("users.root_locked"),
        Field("users.root_password"),
        Field("users.expired"),
    ),
)

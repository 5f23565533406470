"""The password of admin, before the installation."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.pages import Field, Note, Page

PAGE = Page(
    order=130,
    title=N_("Admin password"),
    install=True,
    rows=(
        Note(N_("After the installation, log in as admin with this password to configure this node.")),
        Field("users.admin_password"),
        Field("users.ssh_keys"),
    ),
)

"""The password of admin, before the installation."""

from __future__ import annotations

from ovirt_tui.i18n import N_
from ovirt_tui.pages import Field, Note, Page

PAGE = Page(
    order=130,
    title=N_("Admin password"),
    install=True,
    help=N_(
        "admin is the user who configures this node: on its console, and over SSH. Type the password twice; only its "
        "hash is kept and written. A weak password is said to be weak and is taken all the same. What is typed here "
        "stays while you go back to other pages. root has no password of its own after an installation from here."
    ),
    rows=(
        Note(N_("After the installation, log in as admin with this password to configure this node.")),
        Field("users.admin_password", boot="users.boot_password"),
        Field("users.ssh_keys"),
    ),
)

"""The page of the installer on which a person names the target of the node's own disk."""

from __future__ import annotations

from person import Person, at_installer


def iscsi_disk() -> Person:
    """Nobody has logged in yet, and the name and the password are missing."""
    person, installer = at_installer("one-disk")
    person.press("tab", "enter", "f10")
    assert installer.page.title == "iSCSI disk"
    installer.draft.put("remote.disk", "192.0.2.10/iqn.2001-04.com.example:disk1")
    installer.draft.put("remote.user", "node1")
    installer.open(installer.page)
    person.press("f10")
    return person

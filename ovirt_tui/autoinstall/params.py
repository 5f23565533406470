"""PARAMS: what a kernel line can say, one row a parameter."""

from __future__ import annotations

from dataclasses import dataclass

from ovirt_tui.config import settings


@dataclass(frozen=True)
class Param:
    """A parameter: its name, the setting it fills, an example, older names."""

    name: str
    path: str
    example: str
    also: tuple[str, ...] = ()
    secret: bool = False

    def __post_init__(self) -> None:
        settings()[self.path]


PARAMS = (
    Param("storage_init", "storage.boot_disk", "/dev/sda", also=("ovirt_init",)),
    Param("adminpw", "users.admin_password", "$6$salt$hash", secret=True),
    Param("hostname", "network.hostname", "node1.example.com"),
    Param("keyboard", "keyboard.layout", "de"),
)

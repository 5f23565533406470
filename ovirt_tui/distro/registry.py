"""Finds the distribution object for an os-release ID."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import ovirt_tui.distro
from ovirt_tui.distro import Distro


def distro_for(os_id: str) -> Distro:
    """Return the object of the module named after *os_id*; ValueError when there is none."""
    for module in iter_modules(ovirt_tui.distro.__path__):
        if module.name == os_id:
            distro = import_module(f"ovirt_tui.distro.{os_id}").DISTRO
            assert isinstance(distro, Distro)
            return distro
    raise ValueError(f"the distribution {os_id!r} is not known")

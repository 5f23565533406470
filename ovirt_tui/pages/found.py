"""Finds the pages: every module of this package that has a PAGE."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import walk_packages

import ovirt_tui.pages
from ovirt_tui.pages import Page


@cache
def pages() -> tuple[Page, ...]:
    """Every page, in order."""
    modules = (import_module(found.name) for found in walk_packages(ovirt_tui.pages.__path__, "ovirt_tui.pages."))
    return tuple(sorted((module.PAGE for module in modules if hasattr(module, "PAGE")), key=lambda page: page.order))

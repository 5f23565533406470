"""Firewall: our nftables table in the kernel.  Tables of others are left alone."""

from __future__ import annotations

from functools import partial

from ovirt_tui.i18n import _
from ovirt_tui.machine.packet_filter import FAMILY, LISTED, MEANT, TABLE, chains
from ovirt_tui.system import StepFailed, Tell, Undo
from ovirt_tui.system.command import run
from ovirt_tui.system.steps import Firewall
from ovirt_tui.system.tree import Tree

NOT_THERE = 1
"""Exit status of nft when there is no such table."""


class Firewalls:
    """Firewall: compares the kernel's listing of our table with the one that freshly loaded rules would give."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def holds(self, step: Firewall) -> bool:
        if not self.tree.live:
            return True
        try:
            return chains(run(LISTED)) == chains(run((*MEANT, step.rules)))
        except ValueError as error:
            raise StepFailed(_("nft did not tell its rules as JSON"), str(error)) from error

    def make(self, step: Firewall, tell: Tell) -> Undo:
        was = run(("nft", "--stateless", "list", "table", FAMILY, TABLE), good=(0, NOT_THERE))
        undo = partial(_load, f"table {FAMILY} {TABLE}\ndelete table {FAMILY} {TABLE}\n{was}")
        _load(step.rules)
        if not self.holds(step):
            undo()
            raise StepFailed(_("the kernel has taken the rules, but does not filter by them"))
        return undo


def _load(rules: str) -> None:
    """Replace our table atomically."""
    run(("nft", "--file", "-"), stdin=rules)

"""What is about to happen, in full: each disk, each step, and the kernel line that would do the same."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui import disks
from ovirt_tui.actions import INSTALL, volumes_step
from ovirt_tui.autoinstall.write import offered
from ovirt_tui.config import NodeConfig, settings
from ovirt_tui.facts import Facts
from ovirt_tui.i18n import _
from ovirt_tui.rules import Problem
from ovirt_tui.runner import plan
from ovirt_tui.summary import write_plan

Line = str | tuple[str, str]


def obstacles(problems: list[Problem]) -> Iterator[Line]:
    """Why it cannot be installed like this."""
    yield ("error", _("This cannot be installed yet. Go back and change it:"))
    for problem in problems:
        yield ("error", f"  {_(settings()[problem.path].label)}: {problem.text}")


def confirm(config: NodeConfig, facts: Facts) -> Iterator[Line]:
    """The write plan.  The rules of *config* hold."""
    yield ("warning", _("Nothing is written before 'Install' is pressed: it writes to these disks, and to no other."))
    written = [disks.find(facts, path) for path in volumes_step(config, facts).disks]
    lost = {line for disk in written for line in disks.contents(facts, disk)}
    for line in write_plan(config, facts):
        if line.startswith(" "):
            yield ("error", line) if line.strip() in lost else line
        else:
            yield ""
            yield ("title", line)
    yield ""
    yield ("title", _("All steps, in order"))
    for number, each in enumerate(plan(INSTALL, config, facts), 1):
        yield f"{number:2}. {_(each.title)}"
        for part in each.steps:
            yield ("help", f"      {part}")
    yield ""
    yield ("title", _("The same from the kernel line (add adminpw= with a hash)"))
    yield " ".join(offered(config, facts))

"""What a feature is: one subject of a node, with all that there is to say about it in one module of pages/."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from ovirt_tui.distro import Distro
from ovirt_tui.features.observation import Seen
from ovirt_tui.features.opening import Opening
from ovirt_tui.features.parameter import Parameter, Put
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved, Section
from ovirt_tui.model.problems import Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.pages import Page
from ovirt_tui.system import Reader, Step

Rule = Callable[[Resolved, Facts], Iterable[Problem]]
Steps = Callable[[Resolved, Facts, Distro], Iterable[Step]]
Finding = Put | Problem
"""What a setting means on this machine, or why it means nothing; a Hint says what should be known of it."""
Resolve = Callable[[NodeConfig, Facts], Iterable[Finding]]
Observe = Callable[[Reader, Facts, Distro], Iterable[Seen]]


def unseen(reader: Reader, facts: Facts, distro: Distro) -> Iterable[Seen]:
    """What is observed of an action whose settings leave nothing that says them."""
    return ()


@dataclass(frozen=True)
class Action:
    """One line of the progress list.  With *proves*, every step before it is tested again first.

    *observe* is the inverse of *steps*: it reads of the machine what those settings are that the steps made.  What is
    *memory* says nothing of the machine: it is written when something else is to be remembered.
    """

    title: str
    steps: Steps
    proves: bool = False
    observe: Observe = unseen
    memory: bool = False


def action(
    title: str, *, proves: bool = False, observe: Observe = unseen, memory: bool = False
) -> Callable[[Steps], Action]:
    """Make an Action of a function that yields steps."""
    return lambda steps: Action(title, steps, proves, observe, memory)


def nothing(config: NodeConfig, facts: Facts) -> Iterable[Finding]:
    """What *resolve* finds where no setting refers to hardware."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One subject: what can be set, how it is said on the kernel line and shown, what is wrong with it, what is done.

    *resolve* looks up the disks and interfaces that its settings refer to.  *rules* hold always, those of *first* too
    when a node is installed; *doubts* say what is probably wrong, but might be meant.  *openings* are what the firewall
    lets in for it.  A feature may read the section of another in a check; it never touches its steps.

    *pages_in* names modules with a PAGE each, with all that only somebody who looks at it needs: a command that has no
    screen loads none of them.
    """

    section: type[Section] | None = None  # none where it only follows from the settings of others
    parameters: tuple[Parameter, ...] = ()
    pages: tuple[Page, ...] = ()
    pages_in: tuple[str, ...] = ()
    resolve: Resolve = nothing
    rules: tuple[Rule, ...] = ()
    first: tuple[Rule, ...] = ()
    doubts: tuple[Rule, ...] = ()
    actions: tuple[Action, ...] = ()
    openings: tuple[Opening, ...] = ()

    def every_page(self) -> Iterator[Page]:
        """Its pages, loaded where they are not yet."""
        yield from self.pages
        for name in self.pages_in:
            page: Page = import_module(name).PAGE
            yield page

    def observe(self, reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
        """What a running node says the settings of this feature are."""
        for each in self.actions:
            yield from each.observe(reader, facts, distro)

"""A line that is shown before every login on a console: all there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, content, observed
from ovirt_tui.features.parameter import Word, plain, value
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved, Section, setting
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.values import Text
from ovirt_tui.pages import Field, Page
from ovirt_tui.system import Reader
from ovirt_tui.system.steps import File, Step

FILE = "/etc/issue.d/banner.issue"


class Line(Text):
    wanted = "one line of at most 79 characters"
    longest = 79
    pattern = r"[^\x00-\x1f\x7f\\]{1,79}"


@dataclass(frozen=True, kw_only=True)
class Banner(Section, prefix="banner"):
    text: Line | None = setting(None, "Banner", "Shown before the login on every console.")


SHOUTS = Kind("banner-shouts", "it is all in capital letters, which is hard to read")


def is_calm(config: Resolved, facts: Facts) -> Iterator[Problem]:
    text = config[Banner].text
    if text and text.isupper():
        yield Problem("banner.text", SHOUTS())


def observe(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    yield observed(Banner, "text", (content(reader, FILE) or "").strip(), FILE)


@action("Setting the banner", observe=observe)
def banner(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    if text := config[Banner].text:
        yield File(FILE, f"{text}\n")


WORD = Word(
    name="banner",
    subject="console",
    grammar=value(Line),
    form="one line of at most 79 characters",
    help="Shown before the login on every console.",
    example="Property of Example Inc.",
    fills=("banner.text",),
)
PAGE = Page(
    order=900,
    title="Banner",
    setup=True,
    help="The banner is shown before the login on every console. Empty: none.",
    rows=(Field("banner.text"),),
)
FEATURE = Feature(
    section=Banner, parameters=(plain("banner.text", WORD),), pages=(PAGE,), rules=(is_calm,), actions=(banner,)
)

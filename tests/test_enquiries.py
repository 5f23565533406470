"""A button of a page asks something in the background; the answer may put settings of the page."""

from __future__ import annotations

from ovirt_tui.features.order import defaults
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.network import Hostname
from ovirt_tui.pages import Answer, Enquiry, Field, Page, Way
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.system import StepFailed, System
from person import Person, at_setup

PATH = "network.hostname"
ASKED: list[object] = []


def ask(system: System, config: Resolved, facts: Facts) -> Answer:
    """Who this host may be."""
    ASKED.append(config[Network].hostname)
    found = system.output(("who", "am", "i")).split()
    ways = tuple(Way(f"Be {name}", ((PATH, name),)) for name in found)
    return Answer("This host may be one of these.", ways)


PAGE = Page(
    order=1,
    title="Who",
    setup=True,
    rows=(Field(PATH), Enquiry("Ask who", "Asking, 5 s at most ...", ask, (PATH,))),
)


def at_page(**outputs: str) -> Person:
    ASKED.clear()
    person, setup = at_setup(saved=defaults().put(PATH, Hostname("asker")))
    person.system.outputs |= {tuple(argv.split("_")): text for argv, text in outputs.items()}
    setup.pages = (PAGE, *setup.pages)
    setup.open(0)
    person.press("tab")
    return person


def test_a_way_on_puts_settings() -> None:
    person = at_page(who_am_i="one two")
    person.press("tab", "enter")
    assert ASKED == ["asker"]
    assert "This host may be one of these." in person.screen() and "[>Back<]" in person.screen()
    person.press("tab", "tab", "enter")
    assert "Back" not in person.screen() and "not saved" in person.screen()
    assert "Host name         two" in person.screen()


def test_many_ways_are_a_list() -> None:
    person = at_page(who_am_i="one two three four")
    person.press("tab", "enter", "down", "down", "enter")
    assert "three" in person.screen() and "not saved" in person.screen()


def test_an_answer_may_be_all_there_is() -> None:
    person = at_page(who_am_i="")
    person.press("tab", "enter")
    assert "This host may be one of these." in person.screen()
    person.press("enter")
    assert "This host" not in person.screen() and "not saved" not in person.screen()


def test_who_does_not_answer_is_said() -> None:
    person = at_page()
    del ASKED[:]
    person.press("tab", "enter")
    assert ASKED and "who is not here" in person.screen()


def test_nothing_is_asked_about_what_is_wrong() -> None:
    person = at_page(who_am_i="one")
    person.type("..")
    person.press("tab", "enter")
    assert not ASKED and "! must be a host name" in person.screen()


def test_a_failure_is_a_sentence() -> None:
    def refuses(system: System, config: Resolved, facts: Facts) -> Answer:
        raise StepFailed("the server \x1b[2Jsaid no")

    person, setup = at_setup()
    page = Page(order=1, title="Who", setup=True, rows=(Enquiry("Ask", "Asking ...", refuses),))
    setup.pages = (page, *setup.pages)
    setup.open(0)
    person.press("tab", "enter")
    assert "the server \\x1b[2Jsaid no" in person.screen()

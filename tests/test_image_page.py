"""The Image page: upgrade and roll back by keys."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bootmenu.environment import TRIES
from machines import with_
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.health import Health
from ovirt_tui.machine.images import Candidate, NodeSlots
from ovirt_tui.model.records import replace
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.plan.actions import SAVED
from ovirt_tui.system.disk_steps import BootChoice, Image, SlotSettings
from ovirt_tui.system.steps import File, Password, Step
from person import Person, at_setup
from test_setup import to_page

FILE = "/data/new.iso"
NEW = Candidate(path=FILE, product="oVirt Node", version="0.3.0-1", mib=190, digest="d1", signer="site")
SLOTS = NodeSlots(
    running="Root", version="0.2.0-1", other="RootBackup", other_version="0.1.0-9", room=300, default="Root"
)


def at_image(new: Candidate | None = NEW, slots: NodeSlots = SLOTS, guests: tuple[str, ...] = ()) -> Person:
    facts = replace(with_(), slot="Root", version="0.2.0-1")
    assert isinstance(facts, Facts)
    person, _setup = at_setup(facts, saved=defaults(), guests=guests)
    person.system.image_slots, person.system.healths = slots, [Health()]
    person.system.candidates = (new,) if new else ()
    to_page(person, "Image")
    return person


def made(person: Person) -> list[Step]:
    return [step for step in person.system.made if isinstance(step, BootChoice | Image | SlotSettings)]


def asked(person: Person, path: str = FILE) -> None:
    """Press Upgrade and type the path."""
    person.press("tab", "enter")
    assert "Upgrade" in person.screen() and "/dev/sr0" in person.screen()
    person.type(path)
    person.press("enter")


def chosen(person: Person, title: str) -> None:
    """Press the button *title* of a question."""
    for _ in range(4):
        if f"[>{title}<]" in person.screen():
            person.press("enter")
            return
        person.press("tab")
    raise AssertionError(f"{title}\n{person.screen()}")


def test_an_image_is_looked_at_confirmed_and_written() -> None:
    person = at_image()
    asked(person)
    said = " ".join(person.screen().split())
    assert "0.3.0-1, signed by site, is written to the slot RootBackup" in said and not made(person)
    chosen(person, "Upgrade")
    assert "0.3.0-1 is ready. The next restart tries it." in person.screen()
    assert made(person)[-1] == BootChoice("Root", "RootBackup", TRIES)
    person.press("esc")
    assert "Image  " in person.screen()


def test_what_speaks_against_it_ends_it() -> None:
    person = at_image(replace(NEW, product="Other", mib=999))
    asked(person)
    said = person.screen()
    assert "image of Other" in said and "needs 999 MiB" in said and "--" not in said
    person.press("enter")
    assert not made(person) and "Image  " in person.screen()


def test_an_older_image_is_asked_about_once_more() -> None:
    person = at_image(replace(NEW, version="0.1.0-1"), guests=("web1",))
    asked(person)
    assert "older than 0.2.0-1" in person.screen() and "web1" in person.screen()
    chosen(person, "Back")
    assert not made(person)
    asked_again(person)
    chosen(person, "Go on all the same")
    chosen(person, "Upgrade")
    assert made(person)[-1] == BootChoice("Root", "RootBackup", TRIES)


def asked_again(person: Person) -> None:
    person.press("enter")
    person.type(FILE)
    person.press("enter")


def test_an_unsigned_image_needs_the_password_of_admin() -> None:
    person = at_image(replace(NEW, signer="", unsigned="the image is not signed"))
    person.system.made.append(Password("admin", Crypted("$6$fake$" + b"right".hex())))
    asked(person)
    chosen(person, "Go on all the same")
    assert "Give the password of admin" in " ".join(person.screen().split())
    person.type("wrong")
    person.press("enter")
    assert "not the password" in person.screen() and not made(person)
    person.press("ctrl u")
    person.type("right")
    person.press("enter")
    chosen(person, "Upgrade")
    assert made(person)


def test_an_unsigned_image_is_asked_about_the_settings_once_somebody_answers_for_it() -> None:
    person = at_image(replace(NEW, signer="", version="0.1.0-1", unsigned="the image is not signed"))
    person.system.made.append(Password("admin", Crypted("$6$fake$" + b"right".hex())))
    person.system.files.setdefault(SAVED, "")
    person.system.image_answer = None
    asked(person)
    assert person.system.asked is None
    chosen(person, "Go on all the same")
    person.type("right")
    person.press("enter")
    said = " ".join(person.screen().split())
    assert "Whether it takes the settings of this node cannot be told" in said and "older than" not in said
    assert "nobody this node trusts" not in said and person.system.asked
    chosen(person, "Back")
    assert not made(person)
    asked_again(person)
    chosen(person, "Go on all the same")
    person.type("right")
    person.press("enter")
    chosen(person, "Go on all the same")
    chosen(person, "Upgrade")
    assert made(person)


@pytest.mark.parametrize("path", ["/data/absent.iso", "/dev/sr0"])
def test_what_cannot_be_read_is_said(path: str) -> None:
    person = at_image()
    asked(person, path)
    assert f"{path} cannot be used" in " ".join(person.screen().split())
    assert not made(person)


def test_nothing_typed_is_said_at_the_field() -> None:
    person = at_image()
    asked(person, " ")
    assert "Type the path of a file" in person.screen()


def test_a_failure_is_told_and_the_program_can_be_left() -> None:
    person = at_image()
    person.system.fails_at = SlotSettings("RootBackup")
    asked(person)
    chosen(person, "Upgrade")
    said = " ".join(person.screen().split())
    assert "Failed, and the image that runs starts as before" in said
    assert BootChoice("Root", "RootBackup", TRIES) not in made(person)
    person.press("esc", "esc")
    assert "Log off?" in person.screen()


def test_rolling_back_is_confirmed() -> None:
    person = at_image()
    person.press("tab", "tab", "enter")
    assert "0.1.0-9 (RootBackup)" in person.screen() and not made(person)
    chosen(person, "Roll back")
    assert made(person) == [BootChoice("RootBackup")]
    assert "starts from the next restart on" in person.screen()


@pytest.mark.parametrize(
    ("slots", "why"),
    [
        (replace(SLOTS, other_version=""), "no image"),
        (replace(SLOTS, next="RootBackup"), "failed: upgrade to it again"),
    ],
)
def test_there_may_be_nothing_to_roll_back_to(slots: NodeSlots, why: str) -> None:
    person = at_image(slots=slots)
    person.press("tab", "tab", "enter")
    assert why in person.screen()
    person.press("enter")
    assert not made(person)


def remembered(steps: Sequence[Step]) -> list[str]:
    return [step.path for step in steps if isinstance(step, File)]


def test_an_upgrade_is_remembered_before_it_is_tried() -> None:
    person = at_image()
    asked(person)
    chosen(person, "Upgrade")
    assert remembered(person.system.made)[-1] == "/config/upgrade.json"


@pytest.mark.parametrize("way", ["Roll back", "Upgrade"])
def test_what_another_session_did_to_the_slots_meanwhile_is_looked_at_again(way: str) -> None:
    """A question may stand on a screen for hours: an image that was not tried yet is no way back."""
    person = at_image()
    if way == "Upgrade":
        asked(person)
    else:
        person.press("tab", "tab", "enter")
    person.system.image_slots = replace(SLOTS, other_version="0.3.0-1", next="RootBackup", tries=TRIES)
    chosen(person, way)
    assert not made(person)
    assert "another session has changed what starts" in " ".join(person.screen().split())


def test_a_start_that_lasted_meanwhile_is_no_change() -> None:
    person = at_image(slots=replace(SLOTS, back="RootBackup", starts=1))
    person.press("tab", "tab", "enter")
    person.system.image_slots = replace(SLOTS, back="RootBackup")
    chosen(person, "Roll back")
    assert made(person) == [BootChoice("RootBackup")]

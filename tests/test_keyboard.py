"""The keyboard page: a layout by its name, used at once, and tried."""

from ovirt_tui.system.steps import Keys, keys
from person import at_installer
from test_installer import steps


def test_a_layout_is_found_by_its_name_and_used_as_soon_as_it_is_chosen() -> None:
    person, installer = at_installer()
    person.press("enter")
    person.type("german")
    assert "de" in person.screen() and "US american" not in person.screen()
    person.press(" ")
    assert steps(person, Keys) == [keys("/etc/default/keyboard", "Shellvars", KEYMAP="de")]
    before = installer.draft.config
    person.press("tab")
    person.type("z-y?")
    assert ">z-y?" in person.screen() and installer.draft.config == before
    person.press("enter")
    assert "[>Continue<]" in person.screen()
    person.press("enter")
    assert len(steps(person, Keys)) == 1 and installer.page.title == "Boot disk"

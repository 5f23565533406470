"""What must not get lost on the way through the pages: what was typed, and how it ended."""

from ovirt_tui.pages.storage.settings import Storage
from person import at_installer
from test_installer import to_confirm


def test_the_first_page_twice_keeps_what_was_typed_for_the_same_way_only() -> None:
    person, installer = at_installer("node-installed")
    person.press("tab", "tab", "enter", *["f10"] * 4)
    person.type("512")
    person.press(*["f9"] * 5, "tab", "tab", "enter", *["f10"] * 4)
    assert installer.page.title == "Volume sizes" and installer.draft.config[Storage].swap == 512
    person.press(*["f9"] * 5, "tab", "enter")
    assert "Start anew?" in person.screen() and "[>Back<]" in person.screen()
    assert "belongs to 'Reinstall" in person.screen()
    person.press("enter")
    assert installer.page.title == "Welcome" and installer.draft.config[Storage].swap == 512
    person.press("enter", "right", "enter")
    assert installer.page.title == "Keyboard" and installer.draft.config[Storage].swap is None


def test_another_way_asks_nothing_while_nothing_was_given() -> None:
    person, installer = at_installer("node-installed")
    person.press("tab", "tab", "enter", *["f10"] * 4)
    assert installer.page.title == "Volume sizes"
    person.press(*["f9"] * 5, "tab", "enter")
    assert installer.page.title == "Keyboard"


def test_a_text_that_is_no_value_yet_was_given_too() -> None:
    person, installer = at_installer("node-installed")
    person.press("tab", "tab", "enter", *["f10"] * 4)
    person.type("half")
    person.press(*["f9"] * 5, "tab", "enter", "right", "enter")
    assert installer.page.title == "Keyboard"
    person.press("f9", "tab", "tab", "enter", *["f10"] * 4)
    assert installer.page.title == "Volume sizes" and "half" not in person.screen()


def test_the_log_does_not_hide_how_it_ended() -> None:
    person, _installer = at_installer("one-disk")
    to_confirm(person)
    person.press("tab", "tab", "enter", "f4")
    assert "(18/18)" in person.screen() and "F4 Back to the list" in person.screen()
    assert "Installed. Remove the medium" in person.screen() and " 18/18" in person.screen()


def test_the_keys_that_scroll_do_so_from_the_buttons_of_confirm_too() -> None:
    for key in ("down", "page down", "end"):
        person, _installer = at_installer("one-disk")
        to_confirm(person)
        person.press("tab", key)
        assert "more above" in person.screen() and "[>Back<]" not in person.screen(), key
    person.press("down", "down")
    assert "[>Back<]" in person.screen()


def test_looking_again_leaves_the_focus_where_it_is() -> None:
    person, installer = at_installer("two-disks")
    person.press("enter", "f10", "tab")
    assert "[>Other device<]" in person.screen()
    person.press("f5")
    assert "[>Other device<]" in person.screen()
    person.press("f9", "f10", " ", "f10", "f10", "f10", "f10", "tab", "tab", "f5")
    assert installer.page.title == "Network" and ">(*) dhcp" in person.screen()


def test_leaving_does_not_say_that_nothing_was_written_to_an_interrupted_disk() -> None:
    for keys in ((), ("enter",)):
        person, installer = at_installer("interrupted")
        person.press(*keys, "esc")
        assert "Nothing has been written" not in person.screen() and "is still on /dev/vda" in person.screen()
        assert installer.state() == (
            "This program has written nothing since it started. "
            "The interrupted installation is still on /dev/vda, which does not start."
        )


def test_a_machine_that_cannot_be_restarted_says_so() -> None:
    person, _installer = at_installer()
    person.system.cannot = frozenset({"restart"})
    person.press("esc", "right", "enter")
    assert "could not restart" in person.screen()


def test_leaving_restarts_the_machine_only_when_asked() -> None:
    person, _installer = at_installer()
    person.press("esc", "enter")
    assert person.system.did == []
    person.press("esc", "right", "enter")
    assert person.system.did == [("restart",)]

"""A page that is not right yet: nobody is held without being told why, and where."""

from dataclasses import replace

from machines import ETH0, with_
from ovirt_tui.features.order import defaults
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.pages.security import Users
from ovirt_tui.system import StepFailed, Tell, Undo, silent
from ovirt_tui.system.steps import File, Password, Restart, Step
from person import Person, at_installer, at_setup
from test_setup import NODE, OPEN, contents, to_page


def at_network(saved: NodeConfig = NODE) -> Person:
    person, _setup = at_setup(saved=saved)
    to_page(person, "Network")
    return person


def to_row(person: Person, label: str) -> None:
    """Tab to the row called *label*."""
    for _ in range(20):
        person.press("tab")
        if any(label in line and ">" in line for line in person.screen().split("\n")):
            return
    raise AssertionError(label)


def test_a_wrong_text_in_a_field_that_is_not_used_any_more_holds_nothing() -> None:
    person = at_network()
    to_row(person, "IPv4  ")
    person.press("right", "tab")
    person.type("10.0.0.1")
    assert "must be an IPv4 address with" not in person.screen()
    person.press("shift tab")
    assert "must be an IPv4 address with" in person.screen()
    person.press("left", "f10")
    assert "Nothing to do" in person.screen()
    person.press("enter")
    assert "not saved" not in person.screen()


def test_a_wrong_text_is_wrong_again_when_its_field_is_used_again() -> None:
    person = at_network()
    to_row(person, "IPv4  ")
    person.press("right", "tab")
    person.type("10.0.0.1")
    person.press("shift tab", "left", "right", "f10")
    assert "must be an IPv4 address with" in person.screen() and not person.system.made


def test_without_an_interface_its_address_may_be_missing() -> None:
    person = at_network()
    to_row(person, "IPv4  ")
    person.press("right")
    to_row(person, ") eth0")
    person.press("home", "enter", "f10")
    assert "Saved." in person.screen()


def test_saving_goes_to_what_is_wrong() -> None:
    person = at_network()
    person.press("tab")
    person.type(" ?")
    to_row(person, "[>Save<]")
    assert "must be a host name" not in person.screen()
    person.press("enter")
    assert "must be a host name" in person.screen()
    person.press("ctrl u", "f10")
    assert "Saved." in person.screen()


def test_saving_from_the_menu_goes_to_what_is_wrong_too() -> None:
    person = at_network()
    person.press("tab")
    person.type(" ?")
    person.press("shift tab", "f10", "ctrl u", "f10")
    assert "Saved." in person.screen()


def test_passwords_that_differ_get_the_focus() -> None:
    person, _setup = at_setup()
    to_page(person, "Security")
    person.press("tab", "tab", "tab", "x")
    to_row(person, "[>Save<]")
    person.press("enter", "x", "f10")
    person.prove()
    assert "Saved." in person.screen()


def test_what_was_wrong_before_elsewhere_holds_no_other_page() -> None:
    gone = OPEN.put("network.nic", NicSelector("eth7"))
    person, _setup = at_setup(saved=gone)
    to_page(person, "Security")
    person.press("tab", " ", "f10")
    assert "Saved." in person.screen()
    person.press("enter")
    to_page_up(person, "Network")
    person.press("tab", "x", "f10")
    assert "interface eth7 does not exist" in person.screen() and "Saved." not in person.screen()


def to_page_up(person: Person, title: str) -> None:
    person.press("shift tab")
    for _ in range(10):
        if f"> {title}" in person.screen():
            return
        person.press("up")
    raise AssertionError(title)


def test_none_is_marked_when_there_is_no_interface() -> None:
    person = at_network(defaults())
    assert "(*) none" in person.screen()


def test_a_machine_without_any_interface_can_be_named() -> None:
    person, _setup = at_setup(with_(nics=()))
    to_page(person, "Network")
    assert "(*) none" in person.screen()
    person.press("tab")
    person.type("node7")
    person.press("f10")
    assert contents(person, "/etc/hostname") == "node7\n"


def test_choosing_the_interface_leads_on_to_its_address() -> None:
    person = at_network(defaults().put("network.hostname", Hostname("node1")))
    to_row(person, ") none")
    person.press("down", "enter", "right")
    assert ">(*) static" in person.screen()


def test_saving_what_changes_nothing_is_no_half_saved_state() -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, "Network")
    setup.draft.put("network.ipv4_address", "192.0.2.7/24")
    person.press("f10")
    assert "Nothing to do" in person.screen()
    person.press("enter", "esc")
    assert "This node goes on running." in person.screen()


def test_leaving_with_a_change_that_changes_nothing_leaves() -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, "Network")
    setup.draft.put("network.ipv4_address", "192.0.2.7/24")
    person.press("esc", "right", "right", "enter")
    assert person.calls == ["quit"]


def test_a_failed_installation_does_not_claim_to_be_over() -> None:
    person, installer = at_installer()
    person.press("enter", "f10", "enter", "f10", "f10", "f10", "f10")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("f10")
    hashed = installer.draft.config[Users].admin_password
    person.system.fails_at = Password("admin", hashed)
    person.press("tab", "tab", "enter", "esc")
    assert "The disk will not boot until the installation is finished" in person.screen()


def test_an_interface_that_came_back_is_no_problem() -> None:
    person, setup = at_setup(with_(nics=()), saved=NODE)
    to_page(person, "Network")
    person.press("tab", "x", "f10")
    assert "interface eth0 does not exist" in person.screen()
    setup.draft.facts = replace(setup.draft.facts, nics=(ETH0,))
    person.press("f10")
    assert "Saved." in person.screen()


def test_space_chooses_and_stays_and_enter_goes_on() -> None:
    person = at_network(defaults())
    to_row(person, ") none")
    person.press("down", " ")
    assert ">(*) eth0" in person.screen()
    person.press("enter")
    assert ">(*) eth0" not in person.screen() and ">(*) dhcp" in person.screen()


def test_a_failed_unattended_installation_is_not_forgotten_when_leaving() -> None:
    person, installer = at_installer()
    installer.tell(refusal="", failure="Copying the image: could not read the medium")
    assert "Nothing was written to any disk." in person.screen()
    person.press("enter", "esc")
    assert "Nothing has been written to any disk." in person.screen()
    person, installer = at_installer()
    person.system.wrote = True  # by a program before this one
    installer.tell(refusal="", failure="Copying the image: could not read the medium")
    assert "A disk was written to: what is on it is not complete" in person.screen()
    person.press("enter", "esc")
    assert "The disk will not boot until the installation is finished" in person.screen()


def test_what_could_not_be_taken_back_is_told() -> None:
    person, _setup = at_setup(saved=OPEN)
    make = person.system.make

    def stuck(step: Step, tell: Tell = silent) -> Undo:
        undo = make(step, tell)

        def fail() -> None:
            undo()
            raise StepFailed("the Config volume is full")

        return fail if isinstance(step, File) else undo

    person.system.make = stuck  # type: ignore[method-assign]
    person.system.fails_at = Restart("ssh.service")
    to_page(person, "Security")
    person.press("tab", " ", "f10")
    assert "Failed, and not all that this step had changed could be taken back" in person.screen()
    person.press("f4")
    assert "could not be taken back: the Config volume is full" in person.screen()


def test_escape_closes_the_report_of_a_save() -> None:
    person = at_network()
    person.press("tab", "x", "f10")
    assert "Saved." in person.screen()
    person.press("esc")
    assert ">node1.example.comx" in person.screen() and "Log off?" not in person.screen()


def test_keys_that_do_nothing_on_a_page_are_not_offered() -> None:
    person, _setup = at_setup()
    assert "F10 Save" not in person.screen()
    to_page(person, "Network")
    assert "F10 Save" in person.screen()


def keys_named(person: Person) -> list[str]:
    return person.screen().splitlines()[-1].strip().split("  ")


def test_the_bottom_line_names_tab_and_what_the_space_bar_does() -> None:
    person, installer = at_installer("two-disks")
    person.press("enter")
    last = ["Esc Leave", "F1 Help", "F2 Shell"]
    assert keys_named(person) == ["Tab Next", "Space Choose", "F9 Back", "F10 Continue", *last]
    for space in ("Space Choose", "Space Tick"):
        person.press("f10")
        assert keys_named(person) == ["Tab Next", space, "F9 Back", "F10 Continue", "F5 Rescan", *last[:2]]
        person.press("tab")
        assert keys_named(person) == ["Tab Next", "F9 Back", "F10 Continue", "F5 Rescan", *last]
        person.press("shift tab", " ")
    person.press("f10", "f10", "f10")
    assert installer.page.title == "Network" and not any(key.startswith("Space") for key in keys_named(person))
    for space in ("Space Choose", "Space Choose"):  # the list, then the ways to get an address
        person.press("tab")
        assert keys_named(person)[:2] == ["Tab Next", space]


def test_the_bottom_line_of_setup_does_so_too() -> None:
    person, _setup = at_setup()
    to_page(person, "Network")
    assert keys_named(person)[:3] == ["Tab Next", "F10 Save", "F5 Rescan"]
    for space in ("F10 Save", "Space Tick", "F10 Save", "Space Choose"):
        person.press("tab")
        assert keys_named(person)[1] == space


def test_the_focus_stays_on_its_row_in_setup() -> None:
    person = at_network()
    person.press("tab", "tab")
    required = [line for line in person.screen().splitlines() if "│ DNS servers" in line]
    assert ">" in required[0]
    for keys in (["f5"], ["f10", "esc"], ["8", "backspace", "f10", "esc"]):
        person.press(*keys)
        assert [line for line in person.screen().splitlines() if "│ DNS servers" in line] == required, keys
    person.type("192.0.2.53")
    person.press("f10")
    assert "Saved." in person.screen()
    person.press("enter")
    assert any("│ DNS servers" in line and ">192.0.2.53" in line for line in person.screen().splitlines())
    person.press("end", "backspace", "shift tab", "shift tab", "shift tab", "shift tab")
    assert "[>Reset<]" in person.screen()
    person.press("enter", "right", "enter")
    assert "[>Reset<]" in person.screen() and "192.0.2.53" in person.screen()


def test_the_focus_stays_in_the_menu_of_setup_too() -> None:
    person = at_network()
    for keys in (["f5"], ["f10", "esc"]):
        person.press(*keys)
        assert "> Network" in person.screen(), keys


def test_what_a_field_may_be_is_no_word_that_it_takes_for_a_value() -> None:
    """It said "or nothing", which is a host name: typed, it was taken for the server."""
    person = at_network()
    person.press("tab")
    person.type("no host!")
    person.press("tab")
    assert "or empty" in " ".join(person.screen().split()) and "or nothing" not in person.screen()


def test_what_was_in_the_way_of_one_key_is_not_said_of_the_next() -> None:
    """That F5 wants the changes saved first stood below the reason why they cannot be saved."""
    person, _setup = at_setup()
    to_page(person, "Security")
    person.press("tab", "tab", "tab")
    person.type("correct horse")
    person.press("f5")
    assert "! save or reset first" in person.screen()
    person.press("f10")
    assert "! type the same password again" in person.screen() and "save or reset first" not in person.screen()

"""The setup program as an administrator uses it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from machines import ETH0, with_
from ovirt_tui.distro.network_manager import FOLDER
from ovirt_tui.features.order import defaults
from ovirt_tui.machine.facts import Facts, Nic
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.plan.actions import SETUP
from ovirt_tui.plan.runner import plan, run
from ovirt_tui.plan.saved import now_called, saved_config
from ovirt_tui.system import StepFailed, Tell, Undo, silent
from ovirt_tui.system.steps import Absent, File, Password, Restart, Step
from ovirt_tui.ui.setup import Setup
from ovirt_tui.ui.start import begin
from person import Person, at_setup

NODE = defaults().put("network.hostname", Hostname("node1.example.com")).put("network.nic", NicSelector("eth0"))
OPEN = NODE.put("users.ssh_password_login", True)


def contents(person: Person, path: str) -> str:
    return next(made.content for made in person.system.made if isinstance(made, File) and made.path == path)


def to_page(person: Person, title: str) -> None:
    for _ in range(30):
        if f"> {title}" in person.screen():
            return
        person.press("down")
    raise AssertionError(title)


def test_saving_a_host_name() -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab", "ctrl u")
    person.type("node2")
    assert "not saved" in person.screen()
    person.press("f10")
    assert "[x] Setting the host name" in person.screen() and "Saved." in person.screen()
    assert contents(person, "/etc/hostname") == "node2\n"
    assert 'hostname = "node2"' in contents(person, "/etc/ovirt-node/node.toml")
    person.press("enter")
    assert "not saved" not in person.screen()
    assert setup.saved[Network].hostname == "node2"


def test_what_was_saved_is_what_the_next_start_shows() -> None:
    person, _setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab", "ctrl u")
    person.type("node2")
    person.press("f10")
    kept = contents(person, "/etc/ovirt-node/node.toml")
    person.system.files[CONF] = kept
    again = saved_config(person.system, person.system.seen)
    assert (again[Network].hostname, again[Network].nic) == ("node2", "eth0")


def test_a_new_password_is_set_and_nowhere_kept() -> None:
    person, _setup = at_setup(saved=NODE)
    to_page(person, "Security")
    person.press("tab", "tab", "tab")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("f10")
    person.prove()
    (password,) = (made for made in person.system.made if isinstance(made, Password))
    assert (password.user, password.crypted) == ("admin", person.system.crypted("correct horse"))
    written = "".join(made.content for made in person.system.made if isinstance(made, File))
    assert "correct" not in written and "$6$" not in written


def test_a_page_with_changes_is_not_left_unasked() -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab")
    person.type("x")
    person.press("shift tab", "down")
    assert "Changed but not saved: Host name." in person.screen()
    person.press("enter")
    assert setup.page.title == "Network" and setup.draft.config != setup.saved
    person.press("down", "right", "enter")
    assert setup.page.title == "Security" and setup.draft.config == setup.saved


def test_changes_can_be_saved_on_the_way_to_another_page() -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab")
    person.type("x")
    person.press("shift tab", "down", "right", "right", "enter")
    assert "Saved." in person.screen()
    person.press("enter")
    assert setup.page.title == "Security" and setup.saved[Network].hostname == "node1.example.comx"


def test_a_typed_password_counts_as_a_change() -> None:
    person, setup = at_setup()
    to_page(person, "Security")
    person.press("tab", "tab", "tab", "x", "esc")
    assert "Changed but not saved: a password." in person.screen()
    person.press("esc", *["shift tab"] * 2, " ", "esc")
    assert setup.unsaved() == "Allow SSH login with a password, a password"


def test_logging_off_asks() -> None:
    person, _setup = at_setup()
    person.press("esc")
    assert "Log off?" in person.screen() and not person.calls
    person.press("right", "enter")
    assert person.calls == ["quit"]


def test_a_wrong_value_cannot_be_saved() -> None:
    person, _setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab")
    person.type(" ?")
    person.press("f10")
    assert "must be a host name" in person.screen() and not person.system.made


def test_a_failed_save_is_taken_back_and_goes_on_where_it_stopped() -> None:
    person, setup = at_setup(saved=OPEN)
    to_page(person, "Security")
    person.press("tab", " ")
    restart, make = Restart("ssh.service"), person.system.make
    failed: list[Step] = []

    def make_but_once(step: Step, tell: Tell = silent) -> Undo:
        if step == restart and not failed:
            failed.append(step)
            raise StepFailed("ssh.service does not start")
        return make(step, tell)

    person.system.make = make_but_once  # type: ignore[method-assign]
    person.press("f10")
    assert "Failed, and what this step had changed was taken back" in person.screen()
    assert not any(isinstance(made, File) for made in person.system.made)
    person.press("enter")
    assert "not saved" in person.screen() and setup.page.title == "Security"
    person.press("f10")
    assert "Saved." in person.screen() and restart in person.system.made


def test_dropping_changes_after_a_failed_save_undoes_what_went_through() -> None:
    person, setup = at_setup(saved=OPEN)
    setup.draft.put("users.ssh_password_login", "no")
    setup.draft.put("network.hostname", "node2")
    to_page_network = setup.pages.index(next(page for page in setup.pages if page.title == "Network"))
    setup.open(to_page_network)
    person.system.fails_at = File("/etc/hostname", "node2\n")
    person.press("f10", "enter")
    assert "PasswordAuthentication no" in contents(person, "/etc/ssh/sshd_config.d/10-ovirt-node.conf")
    assert "not saved" in person.screen()
    setup.reset()
    person.system.made.append(Password("admin", person.system.crypted("correct horse")))
    person.press("right", "enter", "f10")
    person.prove("correct horse")
    assert "PasswordAuthentication yes" in contents(person, "/etc/ssh/sshd_config.d/10-ovirt-node.conf")


def test_an_emptied_interface_takes_its_profile_away() -> None:
    person, _setup = at_setup(saved=NODE)
    to_page(person, "Network")
    run(plan(SETUP, NODE, person.system.seen), person.system, lambda progress: None)
    person.press("tab", "tab", "tab", "tab", "tab", "home", "enter", "f10")
    gone = "/etc/NetworkManager/system-connections/ovirt-node-eth0.nmconnection"
    assert Absent(gone) in person.system.made


def test_static_fields_take_keys_only_when_static() -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, "Network")
    assert setup.form
    before = len(setup.form.stops())
    setup.draft.put("network.ipv4", "static")
    setup.form.changed()
    assert len(setup.form.stops()) == before + 2
    person.press("f10")
    assert not person.system.made
    assert any(problem.path == "network.ipv4_address" for problem in setup.draft.problems())


def test_a_locked_screen_shows_nothing_and_opens_to_the_password_only() -> None:
    person, _setup = at_setup(guests=("web1",))
    person.press("tab", "enter")
    assert "Locked" in person.screen() and "web1" not in person.screen()
    person.press("esc", "f2", "f10", "tab", "enter")
    assert "Locked" in person.screen() and not person.calls
    person.press("ctrl u")
    person.type("admin")
    person.press("enter")
    assert "web1" in person.screen()


def test_powering_off_names_the_guests() -> None:
    person, _setup = at_setup(guests=("web1", "mail"))
    person.press("tab", "tab", "tab", "tab", "enter")
    assert "2 guests are running and will be stopped: web1, mail" in person.screen()
    person.press("right", "enter")
    assert "That did not work" not in person.screen()
    assert person.system.did[-1] == ("power_off",)


def test_tab_goes_from_the_menu_through_the_page_and_back() -> None:
    person, setup = at_setup(saved=NODE)
    to_page(person, "Security")
    for _ in range(12):
        person.press("tab")
        if "> Security" in person.screen():
            break
    else:
        raise AssertionError("the focus never came back to the menu")
    assert setup.page.title == "Security"
    person.press("shift tab")
    assert "[>Save<]" in person.screen()


def test_looking_again_shows_what_is_there_now_and_throws_nothing_away() -> None:
    person, _setup = at_setup(saved=NODE)
    assert "web2" not in person.screen()
    person.system.running = ("web2",)
    person.press("f5")
    assert "web2" in person.screen()
    to_page(person, "Network")
    person.press("tab", "x", "f5")
    assert "save or reset first" in person.screen() and "node1.example.comx" in person.screen()


def test_a_machine_that_cannot_be_looked_at_can_be_tried_again() -> None:
    person, _setup = at_setup()
    seen: list[Facts] = []
    facts = person.system.facts

    def blind() -> Facts:
        raise StepFailed("udevadm is not installed")

    person.system.facts = blind  # type: ignore[method-assign]
    begin(person.window, lambda window, facts: seen.append(facts))
    assert "udevadm is not installed" in person.screen() and not seen
    person.system.facts = facts  # type: ignore[method-assign]
    person.press("enter")
    assert seen == [person.system.seen]


def test_a_saved_host_name_is_shown_at_once() -> None:
    person, _setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab", "ctrl u")
    person.type("node2")
    person.system.seen = with_(hostname="node2")
    person.press("f10", "enter")
    assert person.screen().split("\n")[0].endswith("node2")


CONF = "/etc/ovirt-node/node.toml"


def at_renamed(*now: Nic) -> tuple[Person, Setup]:
    """Save with eth0, then start the program where the interfaces are those of *now*."""
    person, _setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab", "ctrl u")
    person.type("node2")
    person.press("f10")
    before = person.system
    person, _setup = at_setup(with_(nics=now))
    person.system.earlier, person.system.files = [*before.earlier, *before.made], before.files
    saved = saved_config(person.system, person.system.seen)
    setup = Setup(person.window, person.system.seen, saved)
    setup.propose(now_called(saved, person.system, person.system.seen))
    return person, setup


def test_an_interface_with_another_name_is_known_by_its_hardware_address() -> None:
    person, _setup = at_renamed(replace(ETH0, name="enp1s0"), replace(ETH0, name="eth0", mac="52:54:00:00:00:99"))
    assert "eth0 is called enp1s0 now" in person.screen()
    person.press("enter")
    assert "not saved" in person.screen()
    person.press("f10")
    assert "Saved." in person.screen()
    assert 'nic = "enp1s0"' in contents(person, CONF)
    assert f"management interface: {ETH0.mac}" in contents(person, CONF)
    assert any(isinstance(made, Absent) and "ovirt-node-eth0" in made.path for made in person.system.made)
    assert "interface-name=enp1s0" in contents(person, f"{FOLDER}/ovirt-node-enp1s0.nmconnection")


def test_an_interface_that_is_gone_is_a_problem_and_not_forgotten() -> None:
    person, setup = at_renamed(replace(ETH0, name="enp2s0", mac="52:54:00:00:00:99"))
    assert setup.saved[Network].nic == "eth0"
    assert [problem.text for problem in setup.draft.problems()] == ["interface eth0 does not exist"]
    to_page(person, "Keyboard")
    setup.draft.put("keyboard.layout", "de")
    setup.save()
    assert 'nic = "eth0"' in contents(person, CONF)


def test_two_interfaces_with_one_hardware_address_are_not_guessed_between() -> None:
    twins = (replace(ETH0, name="enp1s0"), replace(ETH0, name="enp2s0"))
    _person, setup = at_renamed(*twins)
    assert setup.draft.config[Network].nic == "eth0"


class Slow:
    """A worker that has not done its job yet."""

    def __init__(self) -> None:
        self.left: list[Callable[[], None]] = []

    def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.left.append(lambda: done(job()))

    def post(self, call: Callable[[], None]) -> None:
        call()


def test_while_a_save_looks_at_the_machine_the_page_says_so_and_takes_no_keys() -> None:
    """A machine may take a minute to answer; the screen never stands still without a word."""
    person, setup = at_setup(saved=NODE)
    to_page(person, "Network")
    person.press("tab", "ctrl u")
    person.type("node2")
    slow = Slow()
    person.window.work = slow
    person.press("f10")
    assert "Comparing this node with what was saved" in person.screen() and person.system.made == []
    person.type("x")
    person.press("f10", "esc", "f2", "tab")
    assert "node2x" not in person.screen() and len(slow.left) == 1 and person.calls == []
    person.press("f12")
    assert person.calls == ["redraw"]
    while slow.left:
        slow.left.pop(0)()
    assert "Saved." in person.screen() and setup.saved[Network].hostname == "node2"

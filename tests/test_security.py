"""Accounts as the Security page and the kernel line know them: passwords, the lock of root, what expires."""

from machines import MACHINES, PLAIN
from ovirt_tui.autoinstall.cmdline import read
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.pages.security import Users
from ovirt_tui.plan.actions import INSTALL, SAVED, SETUP
from ovirt_tui.plan.runner import plan, run
from ovirt_tui.plan.saved import saved_config
from ovirt_tui.system import StepFailed
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.steps import File, Password
from ovirt_tui.ui.setup import Setup
from person import Person, at_installer, at_setup
from test_form import to_row
from test_setup import to_page

LINE = "storage_init=/dev/vda BOOTIF=eth0 hostname=node1"


def installed(line: str) -> tuple[Person, Setup]:
    """The setup program of a node that was installed unattended."""
    found = understand(read(f"{LINE} {line}"), PLAIN)
    assert found.complaints == ()
    person, _setup = at_setup()
    run(plan(INSTALL, found.config, PLAIN), person.system, lambda progress: None)
    kept = next(made for made in person.system.made if isinstance(made, File) and made.path == SAVED)
    person.system.outputs["cat", SAVED] = kept.content
    setup = Setup(person.window, PLAIN, saved_config(person.system, PLAIN))
    to_page(person, "Security")
    return person, setup


ADMIN = "$6$fake$61646d696e"
"""The hash that the system in memory makes of "admin"."""


def person_hash(password: str) -> str:
    return FakeSystem(PLAIN).crypted(password).reveal()


def type_twice(person: Person, text: str) -> None:
    person.type(text)
    person.press("tab")
    person.type(text)


def last(system: FakeSystem, user: str) -> Password:
    return [made for made in system.made if isinstance(made, Password) and made.user == user][-1]


def test_a_password_chosen_here_does_not_expire_as_the_one_of_the_kernel_line_did() -> None:
    person, setup = installed(f"adminpw={ADMIN}")
    assert last(person.system, "admin").expired and not setup.saved[Users].expired
    to_row(person, "Password of admin")
    type_twice(person, "correct horse")
    person.press("f10")
    person.prove()
    assert last(person.system, "admin") == Password("admin", person.system.crypted("correct horse"), expired=False)


def test_one_that_expires_can_be_asked_for_while_it_is_typed_and_is_asked_for_once() -> None:
    person, _setup = at_setup()
    to_page(person, "Security")
    to_row(person, "Password of admin")
    type_twice(person, "correct horse")
    to_row(person, "[ ] Ask for a new")
    person.press(" ", "f10")
    person.prove()
    assert last(person.system, "admin").expired
    person.press("enter")
    to_row(person, "Password of admin")
    type_twice(person, "battery staple")
    person.press("f10")
    person.prove("correct horse")
    assert last(person.system, "admin") == Password("admin", person.system.crypted("battery staple"), expired=False)


def test_whoever_finds_the_console_open_does_not_change_its_passwords() -> None:
    person, setup = installed(f"adminpw={ADMIN}")
    before = list(person.system.made)
    to_row(person, "Password of admin")
    type_twice(person, "correct horse")
    person.press("f10")
    person.prove("a guess")
    assert "that is not the password of admin" in person.screen()
    person.press("esc")
    assert person.system.made == before and setup.changed() and "not saved" in person.screen()
    assert person.system.lines[-1].endswith("wrong password for admin, number 1")


def test_who_has_no_password_to_prove_may_set_the_first() -> None:
    person, _setup = at_setup()
    person.system.made.append(Password("admin", None))
    to_page(person, "Security")
    to_row(person, "Password of admin")
    type_twice(person, "correct horse")
    person.press("f10")
    assert "Saved." in person.screen()


def test_ssh_does_not_open_to_a_weak_password_in_any_order() -> None:
    person, setup = at_setup()
    to_page(person, "Security")
    to_row(person, "Password of admin")
    type_twice(person, "abc")
    person.press("f10")
    person.prove()
    person.press("enter")
    to_row(person, "Allow SSH")
    person.press(" ", "f10")
    person.prove("abc")
    assert "too weak to log in over SSH with" in person.screen() and not setup.saved[Users].ssh_password_login
    assert not any("wrong password" in line for line in person.system.lines)
    person.press("esc")
    to_row(person, "Password of admin")
    type_twice(person, "correct horse")
    person.press("f10")
    person.prove("abc")
    assert "Saved." in person.screen() and setup.saved[Users].ssh_password_login


def test_ssh_opens_to_a_password_that_is_not_weak_once_it_was_given() -> None:
    person, setup = installed(f"adminpw={person_hash('correct horse')}")
    to_row(person, "Allow SSH")
    person.press(" ", "f10")
    person.prove("correct horse")
    assert "Saved." in person.screen() and setup.saved[Users].ssh_password_login
    person.press("enter")
    to_row(person, "Allow SSH")
    person.press(" ", "f10")
    assert "Saved." in person.screen() and not setup.saved[Users].ssh_password_login


def test_a_weak_password_is_known_as_such_once_it_is_a_hash() -> None:
    person, setup = at_setup()
    to_page(person, "Security")
    to_row(person, "Password of admin")
    type_twice(person, "abc")
    person.press("f10", "esc")
    to_row(person, "Allow SSH")
    person.press(" ", "f10")
    assert "! too weak while SSH lets people in" in person.screen()
    assert not setup.saved[Users].ssh_password_login and not person.system.made


def test_expiry_without_a_new_password_is_asked_about() -> None:
    person, _setup = at_setup()
    to_page(person, "Security")
    to_row(person, "[ ] Ask for a new")
    person.press(" ", "f10")
    assert "nobody gets a new password here" in person.screen() and not person.system.made


def test_root_is_let_in_with_a_password_and_locked_again() -> None:
    person, _setup = installed(f"adminpw={ADMIN}")
    assert "[X] Lock root" in person.screen() and "not used now" in person.screen()
    to_row(person, "[X] Lock root")
    person.press(" ", "f10")
    assert "root stays locked until it gets a password" in person.screen()
    to_row(person, "Password of root")
    type_twice(person, "correct horse")
    person.press("f10")
    person.prove()
    assert last(person.system, "root").crypted == person.system.crypted("correct horse")
    person.press("enter")
    assert "[ ] Lock root" in person.screen()
    to_row(person, "[ ] Lock root")
    person.press(" ", "f10")
    assert "Saved." in person.screen() and last(person.system, "root").crypted is None
    person.press("enter")
    assert "[X] Lock root" in person.screen() and "not saved" not in person.screen()


def test_what_was_typed_for_root_is_not_used_when_root_is_locked_after_all() -> None:
    person, _setup = installed(f"rootpw={ADMIN}")
    to_row(person, "Password of root")
    person.type("half")
    to_row(person, "[ ] Lock root")
    person.press(" ", "f10")
    assert "Saved." in person.screen() and last(person.system, "root").crypted is None


def test_another_password_of_admin_leaves_root_alone() -> None:
    person, setup = installed(f"rootpw={ADMIN}")
    before = last(person.system, "root")
    to_row(person, "Password of admin")
    type_twice(person, "correct horse")
    person.press("f10")
    person.prove()
    assert "Saved." in person.screen()
    assert last(person.system, "root") == before and not setup.saved[Users].root_locked


def test_no_hash_stays_in_the_settings_once_it_is_set() -> None:
    person, setup = installed(f"rootpw={ADMIN}")
    to_row(person, "Password of admin")
    type_twice(person, "correct horse")
    person.press("f10")
    person.prove()
    assert setup.draft.config[Users] == Users(root_locked=False)


def test_the_lock_of_root_survives_a_save_of_something_else() -> None:
    person, setup = installed(f"adminpw={person_hash('correct horse')}")
    to_row(person, "Allow SSH")
    person.press(" ", "f10")
    person.prove("correct horse")
    assert person.system.holds(Password("root", None)) and setup.saved[Users].root_locked


def test_the_kernel_line_locks_root_or_gives_it_a_password() -> None:
    found = understand(read(f"{LINE} adminpw=$6$salt$hash root_locked"), PLAIN)
    assert Password("root", None) in [step for each in plan(SETUP, found.config, PLAIN) for step in each.steps]
    wrong = understand(read(f"{LINE} rootpw=$6$salt$hash root_locked"), MACHINES["one-disk"]).complaints
    assert [str(each) for each in wrong] == ["root_locked: conflicts with rootpw"]


def test_a_screen_that_nobody_could_open_is_not_locked() -> None:
    person, _setup = at_setup()
    person.system.made.append(Password("admin", None))
    person.press("tab", "enter")
    assert "admin has no password" in person.screen()
    person.press("enter")
    assert "Running guests" in person.screen()


def test_a_password_that_not_every_login_takes_is_refused() -> None:
    person, _setup = at_setup()
    to_page(person, "Security")
    to_row(person, "Password of admin")
    type_twice(person, "\xe4" * 128)
    person.press("f10")
    assert "! longer than 255 bytes" in person.screen() and not person.system.made


def test_a_password_that_cannot_be_hashed_is_no_end_of_the_program() -> None:
    person, _setup = at_setup()

    def crypted(password: str) -> Crypted:
        raise StepFailed("the password could not be hashed: libcrypt is not installed")

    hashing, person.system.crypted = person.system.crypted, crypted  # type: ignore[method-assign]
    to_page(person, "Security")
    to_row(person, "Password of admin")
    type_twice(person, "correct horse")
    person.press("f10")
    assert "! the password could not be hashed" in person.screen() and not person.system.made
    person.system.crypted = hashing  # type: ignore[method-assign]
    person.press("f10")
    person.prove()
    assert "Saved." in person.screen()


def test_a_password_chosen_in_the_installer_does_not_expire_as_the_one_of_the_line_did() -> None:
    person, installer = at_installer(line="adminpw=$6$salt$hash")
    assert installer.draft.config[Users].expired
    person.press("enter", "f10", "enter", "f10", "f10", "f10", "f10")
    assert "A password is set; leave this empty to keep it." in person.screen()
    type_twice(person, "correct horse")
    person.press("f10")
    assert not installer.draft.config[Users].expired


def test_the_password_of_the_line_expires_when_it_is_kept() -> None:
    person, installer = at_installer(line="adminpw=$6$salt$hash")
    person.press("enter", "f10", "enter", "f10", "f10", "f10", "f10", "f10")
    assert "Confirm" in person.screen() and installer.draft.config[Users].expired


def test_nothing_comes_over_a_locked_screen() -> None:
    person, _setup = at_setup(guests=("web1",))
    person.press("tab", "enter")
    assert "This screen is locked" in person.screen()
    person.window.ask("Restart this node?", "web1 is running", [("Stay", lambda: None)])
    assert "web1" not in person.screen() and "This screen is locked" in person.screen()
    person.type("admin")
    person.press("enter")
    assert "Restart this node?" in person.screen()
    person.press("enter")
    assert "Running guests" in person.screen() and "Restart this node?" not in person.screen()


def test_what_a_shell_did_to_root_is_known_at_the_next_start() -> None:
    """Nobody has said that root is to be locked: it was from the beginning."""
    person, setup = at_setup()
    assert setup.saved[Users].root_locked
    person.system.make(Password("root", person.system.crypted("correct horse")))
    assert not saved_config(person.system, PLAIN)[Users].root_locked

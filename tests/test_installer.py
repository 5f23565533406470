"""The installer as an administrator walks through it: keys pressed, and what becomes of them."""

from collections.abc import Callable
from typing import Any

import pytest

from machines import MACHINES, disk, with_
from ovirt_tui.machine.facts import Part
from ovirt_tui.pages.network.settings import Network
from ovirt_tui.pages.security import Users
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.system.disk_steps import Bootable, BootLoader, Image, Medium, Volumes
from ovirt_tui.system.steps import Keys, Password, keys
from ovirt_tui.ui.outcome import sticks
from ovirt_tui.ui.theme import Theme
from ovirt_tui.ui.worker import Inline
from person import SERIAL, Person, at_installer

PASSWORD = "correct horse"


def give_password(person: Person, text: str = PASSWORD) -> None:
    person.type(text)
    person.press("tab")
    person.type(text)
    person.press("f10")


def to_confirm(person: Person) -> None:
    """Install on the first disk, with what is proposed."""
    person.press("enter", "f10", "enter", "enter", "f10")
    if "Second volume group" in person.screen():  # there is another disk
        person.press("f10")
    person.press("f10", "f10")
    give_password(person)


def steps(person: Person, kind: type) -> list[object]:
    return [step for step in person.system.made if type(step) is kind]


@pytest.mark.parametrize("theme", [Theme(), SERIAL], ids=["colour", "serial"])
def test_a_whole_installation(theme: Theme) -> None:
    person, _installer = at_installer("two-disks", theme)
    to_confirm(person)
    assert "Confirm" in person.screen() and person.system.made == []
    person.press("tab", "tab", "enter")
    assert "Installed. Remove the medium" in person.screen()
    (volumes,) = steps(person, Volumes)
    assert isinstance(volumes, Volumes)
    assert (volumes.boot_disk, volumes.data_disks, volumes.keep) == ("/dev/vda", ("/dev/vda",), ())
    assert "/dev/vdb" not in "".join(map(str, person.system.made))
    kinds = [type(step) for step in person.system.made]
    assert kinds[:2] == [Medium, Volumes] and kinds[-1] is Bootable
    assert kinds.index(Image) < kinds.index(Password) < kinds.index(BootLoader)


def test_nothing_is_written_before_install_is_pressed() -> None:
    person, _installer = at_installer("two-disks")
    to_confirm(person)
    person.press("enter", "f10", " ", "down", "up", "page down", "x")
    assert "Confirm" in person.screen()
    assert person.system.made == []


def test_data_disks_can_be_others_than_the_boot_disk() -> None:
    person, installer = at_installer("two-disks")
    person.press("enter", "f10", "enter", "enter")
    person.press(" ", "down", " ", "f10")
    assert [str(name) for name in installer.draft.config[Storage].data_disks] == ["/dev/disk/by-id/virtio-b0001"]
    assert "Volume sizes" in person.screen()


def test_the_tick_of_the_boot_disk_follows_another_boot_disk() -> None:
    person, installer = at_installer("two-disks")
    person.press("enter", "f10", "enter", "enter")
    assert installer.page.title == "Data disks"
    installer.back()
    person.press("down", "enter", "enter")
    assert [str(name) for name in installer.draft.config[Storage].data_disks] == ["/dev/disk/by-id/virtio-b0001"]


def test_a_foreign_volume_group_needs_its_disk_typed() -> None:
    person, installer = at_installer("foreign-group")
    person.press("enter", "f10", "enter", "enter", "f10")
    assert "vg_mail" in person.screen()
    person.type("/dev/vdb")
    person.press("enter")
    assert "type /dev/vda, or go back" in person.screen()
    person.press("esc")
    assert installer.page.title == "Data disks" and not installer.draft.config[Storage].override
    person.press("f10")
    person.type("/dev/vda")
    person.press("enter")
    assert installer.page.title == "Second volume group"
    assert [str(name) for name in installer.draft.config[Storage].override] == ["/dev/disk/by-id/virtio-a0001"]


def test_a_disk_that_cannot_be_used_cannot_be_chosen() -> None:
    person, installer = at_installer("many-kinds")
    person.press("enter", "f10", "end", "enter", " ")
    assert installer.draft.config[Storage].boot_disk is None
    person.press("f10")
    assert installer.page.title == "Boot disk" and "no disk is chosen" in person.screen()


def test_another_device_by_its_link() -> None:
    person, installer = at_installer("many-kinds")
    person.press("enter", "f10", "tab", "enter")
    person.type("/dev/disk/by-id/dm-name-mpatha")
    person.press("enter")
    assert "(*) /dev/mapper/mpatha" in person.screen()
    assert str(installer.draft.config[Storage].boot_disk) == "/dev/disk/by-id/dm-name-mpatha"


def test_reinstalling_with_data_kept_asks_for_no_disk() -> None:
    person, installer = at_installer("node-installed")
    person.press("down", "enter")
    assert [page.title for page in installer.pages()] == ["Welcome", "Keyboard", "Network", "Admin password"]
    person.press("f10", "f10")
    give_password(person)
    assert "except for the contents of Data" in person.screen()
    person.press("tab", "tab", "enter")
    (volumes,) = steps(person, Volumes)
    assert isinstance(volumes, Volumes) and volumes.keep == ("Data",)


def test_reinstalling_without_keeping() -> None:
    person, installer = at_installer("node-installed")
    person.press("down", "down", "enter")
    assert installer.draft.config[Storage].found is Found.WIPE
    person.press("f10", "f10", "f10", "f10", "f10", "f10")
    give_password(person)
    person.press("tab", "tab", "enter")
    (volumes,) = steps(person, Volumes)
    assert isinstance(volumes, Volumes) and volumes.keep == () and volumes.removes == (("HostVG", "u2"),)


def test_resuming_keeps_the_answers_and_asks_for_the_password() -> None:
    person, installer = at_installer("interrupted")
    person.press("enter")
    assert installer.page.title == "Admin password"
    assert installer.draft.config[Network].hostname == "node7.example.com"
    give_password(person)
    person.press("tab", "tab", "enter")
    assert "Installed." in person.screen()


def test_a_failed_installation_is_retried_where_it_stopped() -> None:
    person, _installer = at_installer("one-disk")
    to_confirm(person)
    person.system.fails_at = Image("Root", "0.1.0-1")
    person.press("tab", "tab", "enter")
    assert "Failed: could not copy the image 0.1.0-1 to Root" in person.screen()
    assert not steps(person, Bootable)
    person.press("tab", "tab", "enter")
    assert "FAILED: could not copy the image" in person.screen()
    person.press("enter", "left", "left")
    person.system.fails_at = None
    person.press("enter")
    assert "Installed." in person.screen()
    assert len(steps(person, Volumes)) == 1


def test_the_keyboard_is_applied_when_its_page_is_left() -> None:
    person, _installer = at_installer()
    person.press("enter")
    person.type("d")
    person.press("enter", "enter")
    assert steps(person, Keys) == [keys("/etc/default/keyboard", "Shellvars", KEYMAP="de")]


def test_passwords_that_differ_or_miss_hold_the_page() -> None:
    person, installer = at_installer()
    person.press("enter", "f10", "enter", "enter", "f10", "f10", "f10", "f10")
    assert "admin needs a password" in person.screen()
    person.type("one")
    person.press("f10")
    assert "type the same password again" in person.screen()
    person.press("tab")
    person.type("two")
    person.press("f10")
    assert "the two passwords differ" in person.screen()
    assert installer.draft.config[Users].admin_password is None


def test_no_secret_is_on_any_screen_in_any_step_or_log() -> None:
    person, installer = at_installer()
    seen = []
    person.press("enter", "f10", "enter", "enter", "f10", "f10", "f10")
    for letter in PASSWORD:
        person.press(letter)
        seen.append(person.screen())
    person.press("tab")
    person.type(PASSWORD)
    seen.append(person.screen())
    person.press("f10")
    for _ in range(4):
        seen.append(person.screen())
        person.press("page down")
    person.press("tab", "tab", "enter", "f4")
    seen += [person.screen(), *person.system.lines, *(repr(step) for step in person.system.made)]
    hashed = installer.draft.config[Users].admin_password
    assert hashed
    assert not any(PASSWORD in text or hashed.reveal() in text for text in seen)


def test_escape_asks_and_stays() -> None:
    person, installer = at_installer()
    person.press("enter", "esc")
    assert "Leave the installer?" in person.screen() and "Nothing has been written" in person.screen()
    person.press("esc")
    assert "Leave the installer?" not in person.screen() and installer.page.title == "Keyboard"


@pytest.mark.parametrize(
    "keys", [("ctrl c",), ("f3", "f7", "f8", "f11"), ("ctrl z", "ctrl d", "meta x", "insert"), ("mouse press",)]
)
def test_wrong_keys_do_nothing(keys: tuple[str, ...]) -> None:
    for to in range(7):
        person, installer = at_installer()
        person.press(*("enter", "f10", "enter", "enter", "f10", "f10", "f10")[:to])
        before, config = person.screen(), installer.draft.config
        person.press(*keys)
        assert (person.screen(), installer.draft.config) == (before, config)


def test_every_key_is_explained_and_terminals_without_function_keys_have_others() -> None:
    person, installer = at_installer()
    person.press("enter", "f1", "page down")
    assert "Without function keys" in person.screen()
    person.press("esc", "meta 0")
    assert installer.page.title == "Boot disk"


def test_shell_and_redraw() -> None:
    person, _installer = at_installer()
    person.press("f12", "f2")
    assert person.calls == ["redraw"] and "A shell as root" in person.screen()
    person.press("enter")
    person.press("f2", "tab", "enter")
    assert person.calls == ["redraw", "shell"]


def test_a_window_that_shrinks_and_grows_again() -> None:
    person, _installer = at_installer()
    before = person.screen()
    person.size = (60, 24)
    person.press("enter", "x")
    assert "80 columns and 23 rows are needed" in person.screen()
    person.size = (80, 24)
    assert person.screen() == before
    person.size = (132, 50)
    assert "Install" in person.screen()


def test_tab_goes_around_and_back() -> None:
    person, installer = at_installer()
    person.press("enter", "f10")
    assert installer.form
    stops = installer.form.stops()
    there = [installer.form.here()]
    for _ in stops:
        person.press("tab")
        there.append(installer.form.here())
    assert set(there) == set(stops) and there[0] == there[-1]
    back = [there[-1]]
    for _ in stops:
        person.press("shift tab")
        back.append(installer.form.here())
    assert back == there[::-1]


def test_going_back_keeps_what_was_typed() -> None:
    person, installer = at_installer()
    person.press("enter", "f10", "enter", "enter", "f10")
    person.type("512")
    installer.back()
    person.press("f10")
    assert installer.draft.config[Storage].swap == 512 and "512" in person.screen()


def test_sizes_that_do_not_fit_hold_the_page() -> None:
    person, installer = at_installer()
    person.press("enter", "f10", "enter", "enter", "f10")
    person.type("500000")
    person.press("f10")
    assert installer.page.title == "Volume sizes" and "! Data disks: the volumes need" in person.screen()
    person.press("ctrl u")
    assert "Data disks:" not in person.screen()


def test_looking_again_finds_a_new_disk() -> None:
    person, _installer = at_installer("one-disk")
    person.press("enter", "f10")
    assert "/dev/vdb" not in person.screen()
    person.system.seen = MACHINES["two-disks"]
    person.press("f5")
    assert "/dev/vdb" in person.screen()


def test_what_is_found_too_late_changes_nothing() -> None:
    person, installer = at_installer("one-disk")
    person.press("enter", "f10")
    late: list[Callable[[], None]] = []

    class Later(Inline):
        def start(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
            late.append(lambda: done(job()))

    person.window.probes = Later()
    person.press("f5", "enter", "enter")
    assert installer.page.title == "Data disks"
    person.system.seen = MACHINES["too-small"]
    late[0]()
    assert installer.page.title == "Data disks" and installer.draft.facts is MACHINES["one-disk"]


def reaches(person: Person, wanted: Callable[[], bool], key: str, limit: int = 40) -> bool:
    """Press *key* until *wanted*."""
    for _ in range(limit):
        if wanted():
            return True
        person.press(key)
    return False


def test_a_row_out_of_sight_is_scrolled_to() -> None:
    person, _installer = at_installer()
    person.press("enter", "f10", "enter", "enter", "f10")
    assert reaches(person, lambda: "[>Continue<]" in person.screen(), "tab")


def test_a_refusal_is_read_first() -> None:
    person, installer = at_installer()
    installer.tell(failure="", refusal="hostname: must be a host name\nstorage_init: no such disk\n")
    assert "storage_init: no such disk" in person.screen() and "[>Open the installer<]" in person.screen()
    person.press("enter")
    assert "[>Install<]" in person.screen()


def test_mistakes_on_the_line_are_read_first_too() -> None:
    person, installer = at_installer(line="storage_int=/dev/vda BOOTIF=eth9 keyboard=de ovirt_early=a")
    installer.tell(refusal="", failure="")
    for text in (
        "storage_int: unknown parameter, did you mean storage_init",
        "BOOTIF: interface eth9",
        "ovirt_early: no",
    ):
        assert text in person.screen()
        assert any(text in line for line in person.system.lines)
    assert "[>Open the installer<]" in person.screen()
    assert at_installer(line="root=live:CDLABEL=OVIRT-NODE console=ttyS0 keyboard=de quiet")[1].mistakes == ()


def test_only_one_console_installs() -> None:
    person, _installer = at_installer()
    to_confirm(person)
    person.window.alone = lambda: False
    person.press("tab", "tab", "enter")
    assert "Another installation is running" in person.screen() and person.system.made == []


STICK = disk(
    "/dev/sdb", 4, bus="usb", model="Ultra Fit", parts=(Part(path="/dev/sdb1", mib=4000, kind="vfat", label="LOGS"),)
)


def test_the_log_of_a_failure_goes_to_a_stick_that_was_just_plugged_in() -> None:
    person, _installer = at_installer()
    to_confirm(person)
    person.system.fails_at = Image("Root", "0.1.0-1")
    person.press("tab", "tab", "enter", "tab", "tab", "tab", "enter")
    assert "No USB stick with a file system was found" in person.screen()
    person.press("enter")
    person.system.seen = with_(disks=(*MACHINES["one-disk"].disks, STICK))
    saved = []

    def save(part: Part, name: str, text: str) -> str:
        saved.append((part.path, name, text))
        return "ovirt-node-install-20260101-120000.log"

    person.window.save_to = save
    person.press("enter")
    assert "/dev/sdb1  3.9 GiB  LOGS  Ultra Fit" in person.screen()
    person.press("enter")
    assert "ovirt-node-install-20260101-120000.log is on /dev/sdb1" in person.screen()
    ((path, name, text),) = saved
    assert (path, name) == ("/dev/sdb1", "ovirt-node-install.log") and "FAILED: could not copy the image" in text


def test_the_medium_and_disks_inside_are_no_sticks() -> None:
    inside = disk("/dev/sda", 4, bus="ata", parts=STICK.parts)
    medium = disk("/dev/sdc", 4, bus="usb", live=True, parts=STICK.parts)
    assert sticks(with_(disks=(inside, medium))) == ()

"""Screens at 80x24 as an administrator sees them, against tests/screens/.  pytest --accept rewrites them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from at_target import iscsi_disk
from changed import CHANGED
from lasting import LASTING
from machines import MACHINES, four_thousand
from ovirt_tui.features.order import defaults
from ovirt_tui.features.page_order import pages
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.network import Hostname
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.plan.runner import plan
from ovirt_tui.ui.theme import Theme
from person import BY_MEDIUM, SERIAL, Person, at_installer, at_setup

SCREENS = Path(__file__).parent / "screens"
SCENES: dict[str, Callable[[], Person]] = {}
Scene = Callable[[], Person]


def scene(make: Scene) -> Scene:
    """Keep *make* under its name."""
    SCENES[make.__name__.replace("_", "-")] = make
    return make


def walk(machine: str | Facts, to: str, theme: Theme = Theme()) -> Person:  # noqa: B008
    """Go through the installer as far as the page called *to*."""
    person, installer = at_installer(machine, theme)
    if to == "Welcome":
        return person
    person.press("enter")
    while installer.page.title != to or to == "Confirm":
        if installer.page.title == "Boot disk":
            person.press("enter")
        if installer.page.title == "Admin password":
            person.type("correct horse")
            person.press("tab")
            person.type("correct horse")
            person.press("f10")
            return person
        person.press("f10")
    return person


@scene
def welcome() -> Person:
    return walk("one-disk", "Welcome")


@scene
def welcome_node_found() -> Person:
    return walk("node-installed", "Welcome")


@scene
def welcome_interrupted() -> Person:
    return walk("interrupted", "Welcome")


@scene
def welcome_after_a_refusal() -> Person:
    person, installer = at_installer()
    installer.tell(failure="", refusal="".join(f"parameter{n}: value required\n" for n in range(20)))
    person.press("down")
    return person


@scene
def keyboard() -> Person:
    return walk("one-disk", "Keyboard")


@scene
def boot_disk() -> Person:
    return walk("many-kinds", "Boot disk")


@scene
def boot_disk_cannot_be_chosen() -> Person:
    person = walk("many-kinds", "Boot disk")
    person.press("end")
    return person


@scene
def boot_disk_with_long_names() -> Person:
    person = walk("long-names", "Boot disk")
    person.press("down")
    return person


@scene
def boot_disk_none_chosen() -> Person:
    person = walk("two-disks", "Boot disk")
    person.press("f10")
    return person


@scene
def boot_disk_of_4096() -> Person:
    person = walk(four_thousand(), "Boot disk")
    person.press("page down", "page down", "down")
    return person


@scene
def boot_disk_filtered() -> Person:
    person = walk(four_thousand(), "Boot disk")
    person.type("k409")
    return person


@scene
def boot_disk_on_a_serial_line() -> Person:
    return walk("many-kinds", "Boot disk", SERIAL)


@scene
def boot_disk_other_device_wrong() -> Person:
    person = walk("many-kinds", "Boot disk")
    person.press("tab", "enter")
    person.type("/dev/sdc")
    person.press("enter")
    return person


@scene
def data_disks() -> Person:
    person = walk("two-disks", "Data disks")
    person.press("down", " ")
    return person


@scene
def data_disks_objection() -> Person:
    person = walk("foreign-group", "Data disks")
    person.press("f10")
    person.type("/dev/vdb")
    person.press("enter")
    return person


@scene
def second_volume_group() -> Person:
    person = walk("two-disks", "Second volume group")
    person.press("down", " ")
    return person


@scene
def volume_sizes() -> Person:
    return walk("one-disk", "Volume sizes")


@scene
def volume_sizes_wrong() -> Person:
    person = walk("one-disk", "Volume sizes")
    person.type("much")
    person.press("down")
    person.type("3")
    return person


@scene
def admin_password() -> Person:
    return walk("one-disk", "Admin password")


@scene
def admin_password_weak_and_different() -> Person:
    person = walk("one-disk", "Admin password")
    person.type("secret")
    person.press("tab")
    person.type("sx")
    person.press("tab")
    return person


@scene
def first_network() -> Person:
    return walk("one-disk", "Network")


@scene
def first_network_static_and_wrong() -> Person:
    person = walk("two-links", "Network")
    person.type("node1.example.com")
    person.press("tab", "down", " ", "tab", "right", "tab")
    person.type("192.0.2.7")
    person.press("tab", "f10")
    return person


@scene
def no_network() -> Person:
    person = walk("two-links", "Network")
    person.press("f10")
    return person


@scene
def confirm() -> Person:
    person = walk("foreign-group", "Data disks")
    person.press("down", " ", "f10")
    person.type("/dev/vda")
    person.press("enter", "f10", "f10")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("f10")
    return person


@scene
def confirm_on_a_serial_line() -> Person:
    return walk("one-disk", "Confirm", SERIAL)


@scene
def quit_dialog() -> Person:
    person = walk("one-disk", "Keyboard")
    person.press("esc")
    return person


@scene
def shell_warning_on_a_serial_line() -> Person:
    person = walk("one-disk", "Keyboard", SERIAL)
    person.press("f2")
    return person


@scene
def finished() -> Person:
    person = walk("one-disk", "Confirm")
    person.press("tab", "tab", "enter")
    return person


@scene
def failed() -> Person:
    person, installer = at_installer("one-disk")
    person.press("enter", "f10", "enter", "f10", "f10", "f10", "f10")
    person.type("correct horse")
    person.press("tab")
    person.type("correct horse")
    person.press("f10")
    person.system.fails_at = plan_step(installer.draft.config, "Image")
    person.press("tab", "tab", "enter")
    return person


def plan_step(config: NodeConfig, kind: str) -> object:
    from ovirt_tui.plan.actions import INSTALL

    planned = plan(INSTALL, config, MACHINES["one-disk"])
    return next(step for each in planned for step in each.steps if type(step).__name__ == kind)


@scene
def too_small_a_window() -> Person:
    person = walk("one-disk", "Keyboard")
    person.size = (72, 20)
    return person


@scene
def status() -> Person:
    person, _setup = at_setup(guests=("web1", "mail"), ip="eth0 UP 192.0.2.7/24 2001:db8::7/64\n")
    return person


@scene
def status_power_off() -> Person:
    person, _setup = at_setup(guests=("web1", "mail"))
    person.press("tab", "tab", "tab", "tab", "enter")
    return person


@scene
def status_locked() -> Person:
    person, _setup = at_setup()
    person.press("tab", "enter", *"wrong", "enter")
    return person


STATIC = defaults().put("network.hostname", Hostname("node1.example.com")).put("network.nic", NicSelector("eth0"))


@scene
def network() -> Person:
    person, _setup = at_setup(saved=STATIC)
    person.press("down")
    return person


@scene
def network_end_of_page() -> Person:
    person, _setup = at_setup(saved=STATIC)
    person.press("down", "shift tab", "shift tab", "shift tab")
    return person


@scene
def network_wrong() -> Person:
    person, _setup = at_setup(saved=STATIC)
    person.press("down", "tab", *" 1", "tab", *"resolver", "tab")
    return person


@scene
def network_unsaved() -> Person:
    person, _setup = at_setup(saved=STATIC)
    person.press("down", "tab")
    person.type("x")
    person.press("shift tab", "down")
    return person


@scene
def security() -> Person:
    person, _setup = at_setup()
    person.press("down", "down", "tab")
    return person


@scene
def security_weak_for_ssh() -> Person:
    person = security()
    person.press(" ", "f10")
    person.prove()
    return person


@scene
def saved() -> Person:
    person, _setup = at_setup(saved=defaults().put("users.ssh_password_login", True))
    person.press("down", "down", "tab", " ", "f10")
    return person


SCENES |= CHANGED | LASTING | BY_MEDIUM | {"iscsi-disk": iscsi_disk}
WITH_SCENES = {"Welcome", "Boot disk", "Data disks", "Volume sizes", "Admin password", "Status", "Network", "Security"}
WITH_SCENES |= {"Persistence"}


def opened(title: str) -> Scene:
    """A setup page as it opens: the scene of each page that has none of its own."""

    def make() -> Person:
        person, setup = at_setup()
        setup.open([page.title for page in setup.pages].index(title))
        return person

    return make


SCENES |= {
    f"setup-{page.title.lower().replace(' ', '-')}": opened(page.title)
    for page in pages()
    if page.setup and page.title not in WITH_SCENES
}


@pytest.mark.parametrize("name", SCENES)
def test_screen(name: str, request: pytest.FixtureRequest) -> None:
    shown = SCENES[name]().golden()
    path = SCREENS / f"{name}.txt"
    if request.config.getoption("--accept"):
        path.write_text(shown)
    assert shown == path.read_text()


def test_every_golden_screen_is_one_of_these_and_every_page_has_one() -> None:
    assert {path.stem for path in SCREENS.glob("*.txt")} == set(SCENES)
    titles = {page.title for page in pages()}
    seen = "".join(path.read_text() for path in SCREENS.glob("*.txt"))
    assert all(title in seen for title in titles)


@pytest.mark.parametrize("name", ["welcome", "boot-disk", "confirm", "network"])
def test_the_screens_of_the_documentation_are_current(name: str, request: pytest.FixtureRequest) -> None:
    shown = SCENES[name]().screen() + "\n"
    path = SCREENS.parent.parent / "docs/screens" / f"{name}.txt"
    if request.config.getoption("--accept"):
        path.write_text(shown)
    assert shown == path.read_text()

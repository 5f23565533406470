"""What the first page offers where an installation was interrupted: Data is only lost when somebody says so."""

import pytest

from machines import MACHINES
from ovirt_tui.pages.storage.settings import Found, Storage
from ovirt_tui.pages.welcome import already, offers
from person import at_installer

RESUME, KEEP, OVER = "Resume on /dev/vda", "Start over on /dev/vda, keep Data", "Start over on /dev/vda"
OTHER, GONE = "Install on another disk", "Uninstall /dev/vda"


@pytest.mark.parametrize(
    ("machine", "titles"),
    [
        ("interrupted", [RESUME, OVER, OTHER, GONE]),
        ("interrupted-keeping-data", [RESUME, KEEP, OVER, GONE]),
        ("interrupted-before-its-answers", [KEEP, OVER, OTHER, GONE]),
        ("interrupted-before-its-group", [OVER, GONE]),
    ],
)
def test_data_that_may_be_kept_can_be_kept(machine: str, titles: list[str]) -> None:
    found = {offer.title: dict(offer.puts) for offer in offers(MACHINES[machine])}
    assert list(found) == titles
    assert found.get(KEEP, {}).get("storage.found", "keep-data") == "keep-data"


def test_a_disk_that_looks_like_a_node_is_no_reason_to_install_on_it() -> None:
    person, installer = at_installer("interrupted")
    person.press("tab", "tab", "enter")
    assert installer.page.title == "Keyboard"
    storage = installer.draft.config[Storage]
    assert (storage.boot_disk, storage.data_disks, storage.found) == (None, (), Found.REFUSE)


@pytest.mark.parametrize("name", MACHINES)
def test_an_installation_without_a_version_reads_well(name: str) -> None:
    facts = MACHINES[name]
    for text in (already(facts, node) for node in facts.nodes):
        assert " ," not in text and "  " not in text.removeprefix(text[:15]).strip(), text

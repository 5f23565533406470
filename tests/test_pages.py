"""Every setting that an administrator can decide on a screen is on a page."""

import re

import pytest

from ovirt_tui.features.order import defaults
from ovirt_tui.features.page_order import pages
from ovirt_tui.pages import Field, Page
from person import at_installer

ELSEWHERE = {
    "storage.found": "the offers of the Welcome page",
    "remote.on_iscsi": "one of them",
    "users.boot_password": "typed with the password of admin",
    "storage.override": "typed when a page of disks is left",
    "storage.wipe_raid": "the same question, disk by disk",
}


def test_every_setting_is_on_a_page() -> None:
    on_pages = {path for page in pages() for path in page.paths()} | set(ELSEWHERE)
    beside = {row.boot for page in pages() for row in page.rows if isinstance(row, Field) and row.boot}
    assert beside <= on_pages
    assert {path for path in defaults().paths() if not path.startswith("boot.")} == on_pages


def test_pages_have_their_own_order() -> None:
    for where in ("install", "setup"):
        orders = [page.order for page in pages() if getattr(page, where)]
        assert len(set(orders)) == len(orders) and orders


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.title)
def test_every_page_explains_itself_in_a_few_sentences(page: Page) -> None:
    sentences = re.split(r"(?<=[.?!])\s+", page.help.strip())
    assert 3 <= len(sentences) <= 8
    assert all(sentence[-1] == "." and len(sentence) < 250 for sentence in sentences)


def test_f1_explains_the_page_and_then_the_keys() -> None:
    for number in range(6):
        person, installer = at_installer()
        installer.draft.put("storage.boot_disk", "/dev/vda")
        installer.open(installer.pages()[number])
        person.press("f1")
        start = " ".join(installer.page.help.split()[:5])
        assert start in person.screen()
        person.press(*["page down"] * 3)
        assert "Without function keys" in person.screen()

"""Every setting that an administrator can decide on a screen is on a page."""

from ovirt_tui.config import settings
from ovirt_tui.pages.found import pages

ELSEWHERE = {
    "storage.found": "the offers of the Welcome page",
    "users.boot_password": "typed with the password of admin",
    "storage.override": "typed when a page of disks is left",
}


def test_every_setting_is_on_a_page() -> None:
    on_pages = {path for page in pages() for path in page.paths()} | set(ELSEWHERE)
    assert {path for path in settings() if not path.startswith("boot.")} == on_pages


def test_pages_have_their_own_order() -> None:
    for where in ("install", "setup"):
        orders = [page.order for page in pages() if getattr(page, where)]
        assert len(set(orders)) == len(orders) and orders

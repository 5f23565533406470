"""How a node is, is remembered for an upgrade by a medium; and what is remembered is not believed blindly."""

from __future__ import annotations

import pytest

from ovirt_tui.machine import health
from ovirt_tui.machine.health import Health
from ovirt_tui.model.records import replace
from test_upgrade import KNOWN, SLOTS, TRIAL, WELL, run, system


def test_how_a_node_is_is_remembered_but_not_of_an_image_on_trial() -> None:
    node = system(SLOTS, health=(WELL, WELL))
    assert run(node, "trial", "--well") == 0 and health.read(node.files[health.FILE]) == WELL
    written = list(node.made)
    assert run(node, "trial", "--well") == 0 and node.made == written, "nothing is written where nothing changed"
    node = system(TRIAL, health=(WELL,), known=KNOWN)
    assert run(node, "trial", "--well") == 0 and health.FILE not in node.files and not node.made


@pytest.mark.parametrize("text", ["", "[]", "{", '{"active": 1}', "[" * 60000, '{"interfaces": [["x"]]}'])
def test_a_damaged_memory_of_how_a_node_is_is_none(text: str) -> None:
    assert health.read(text) is None


def test_a_manager_that_is_not_set_any_more_need_not_be_reached() -> None:
    known = replace(KNOWN, health=Health(managers=("old.example.com:443",)))
    assert run(system(TRIAL, health=(Health(),), known=known), "trial") == 0

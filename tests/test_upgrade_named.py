"""What an upgrade takes for the name of an image."""

from __future__ import annotations

import pytest

from ovirt_tui.model.records import replace
from test_upgrade import NEW, run, system


def test_an_empty_name_is_not_the_image_that_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """A script whose variable is empty would have put it where the way back is."""
    node = system(new=replace(NEW, path="", version="0.2.0-1", signer=""))
    assert run(node, "upgrade", "", "--again", "--reboot") == 2
    assert "the image has no name" in capsys.readouterr().err and not node.made and not node.did

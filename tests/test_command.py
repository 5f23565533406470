"""What is said of another program that failed: the line that tells the reason."""

import pytest

from ovirt_tui.system import StepFailed
from ovirt_tui.system.command import run


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "Error: Connection activation failed: no address\nHint: use 'journalctl -xe' to get more details.",
            "no address",
        ),
        ("  WARNING: something\n  Insufficient free space: 5 extents needed", "Insufficient free space"),
        ("", "exit status 3"),
    ],
)
def test_the_reason_is_the_line_that_names_it(said: str, reason: str) -> None:
    with pytest.raises(StepFailed, match=f"^sh failed: .*{reason}") as failed:
        run(("sh", "-c", 'printf "%s" "$0" >&2; exit 3', said))
    assert "Hint" not in str(failed.value)
    assert said in failed.value.output

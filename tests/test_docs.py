"""Generated documents are those that the tables give now."""

from pathlib import Path

from ovirt_tui.autoinstall.docs import reference
from ovirt_tui.autoinstall.params import PARAMS

DOCS = Path(__file__).parent.parent / "docs"


def test_the_reference_is_current() -> None:
    assert (DOCS / "parameters.md").read_text() == reference(), "run 'make docs'"


def test_every_parameter_is_in_it() -> None:
    text = reference()
    assert [
        param.name for param in PARAMS if f"### {param.name}\n" not in text and f"| `{param.name}` |" not in text
    ] == []

"""Which module may import which.  The list of rooms in docs/architecture.md, enforced."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent / "ovirt_tui"
LAYERS = (
    {"i18n"},
    {"model"},  # what can be decided about a node
    {"machine"},  # what a machine says of itself
    {"system"},  # who looks at it and changes it, and the steps it is asked for
    {"features", "pages", "distro"},  # a feature is a page with all that belongs to it
    {"autoinstall"},  # the kernel line and answer files
    {"plan"},  # what will be done
    {"cli", "ui"},  # how it is shown: as text, and on the screen
    {"commands"},  # what each subcommand does
    {"reference"},  # how it is written down
)
"""One imports those of its own line and of those before it."""
UPWARD = {("pages/status.py", "plan"): "the Status page compares the node with what was saved"}
ONLY_IN = {
    "urwid": {"ui"},
    "dataclasses": {"model", "system"},  # model/records.py makes them for all but programs that are one file
    **{
        name: {"system"} for name in ("subprocess", "augeas", "blivet", "parted", "libvirt", "pyudev", "ctypes", "time")
    },
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"ovirt_tui.{name.name}" for name in node.names if node.module == "ovirt_tui"}
    return found


def test_layers() -> None:
    ranks = {layer: rank for rank, line in enumerate(LAYERS) for layer in line}
    rooms = {path.stem for path in ROOT.iterdir() if path.name not in ("__init__.py", "__main__.py", "__pycache__")}
    assert rooms == set(ranks)
    upward = set()
    for path in ROOT.rglob("*.py"):
        at = path.relative_to(ROOT)
        layer = at.parts[0].removesuffix(".py")
        if layer in {"__init__", "__main__"}:
            continue
        for name in imports(path):
            package, _, rest = name.partition(".")
            if package == "ovirt_tui" and rest:
                other = rest.split(".")[0]
                if (str(at), other) in UPWARD:
                    upward.add((str(at), other))
                elif other not in ("__version__", "__main__"):
                    assert ranks[other] <= ranks[layer], f"{path} may not import {name}"
            elif package in ONLY_IN:
                assert layer in ONLY_IN[package], f"{path} may not import {name}"
    assert upward == set(UPWARD)


def test_a_feature_knows_no_other_that_is_done_before_or_after_it() -> None:
    """It may read the settings of another; what is done about them is for that one to say."""
    for path in (ROOT / "pages").rglob("feature.py"):
        own = ".".join(("ovirt_tui", *path.relative_to(ROOT).parent.parts))
        assert {each for each in imports(path) if each.endswith(".feature")} <= {"ovirt_tui.features.feature"}, own


def test_small() -> None:
    for folder in ("ovirt_tui", "bootmenu", "image", "plugins", "testbed", "bench", "tests"):
        for path in (ROOT.parent / folder).rglob("*.py"):
            assert len(path.read_text().splitlines()) <= 400, path
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    assert (node.end_lineno or 0) - node.lineno < 40, f"{path}: {node.name}"

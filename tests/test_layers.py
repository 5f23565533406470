"""Which module may import which.  The list of rooms in docs/architecture.md, enforced."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent / "ovirt_tui"
PURE = {"i18n", "outside", "values", "public_keys", "config", "facts", "steps", "disks", "disk_names"}
PURE |= {"selectors", "selection", "interfaces"}
MAY: dict[str, set[str]] = {
    "i18n": set(),
    "outside": set(),
    "facts": {"outside"},
    "places": set(),
    "values": {"i18n"},
    "public_keys": {"i18n", "values"},
    "plain": {"i18n", "values"},
    "config": {"values"},
    "observation": PURE | {"parameter", "system"},
    "steps": {"values", "public_keys"},
    "firewall": {"i18n", "config", "pages"},
    "problems": {"i18n"},
    "disks": {"i18n", "facts", "problems"},
    "objections": {"i18n", "facts", "problems", "disks"},
    "selectors": {"i18n", "values"},
    "selection": {"i18n", "facts", "disks", "outside", "problems", "selectors"},
    "interfaces": {"i18n", "facts", "problems", "selectors"},
    "resolution": PURE | {"features", "parameter", "problems"},
    "disk_names": {"disks", "facts", "selection"},
    "esp": set(),
    "rules": PURE | {"feature", "features", "problems", "resolution"},
    "feature": PURE | {"distro", "observation", "pages", "parameter", "problems", "system"},
    "features": PURE | {"feature", "pages", "plugins"},
    "plugins": PURE | {"feature", "pages"},
    "parameter": {"i18n", "config", "facts", "values"},
    "draft": PURE | {"features", "rules", "problems", "resolution"},
    "answers": PURE | {"features", "plain", "problems"},
    "answer_docs": PURE | {"answers", "features", "plain"},
    "autoinstall": PURE
    | {"answers", "features", "rules", "parameter", "pages", "draft", "problems", "objections", "resolution"}
    | {"autoinstall"},
    "distro": PURE | {"distro", "observation", "pages", "parameter", "system"},
    "actions": PURE | {"answers", "pages", "feature", "features", "distro", "autoinstall", "resolution"},
    "system": PURE | {"esp", "system", "places", "firewall"},
    "runner": PURE | {"feature", "actions", "distro", "observation", "resolution", "system"},
    "page_order": {"features", "pages"},
    "saved": PURE
    | {"actions", "answers", "autoinstall", "draft", "drift", "features", "observation", "pages", "rules", "system"},
    "drift": PURE | {"distro", "feature", "features", "observation", "resolution", "runner", "system"},
    "summary": PURE | {"pages", "actions", "rules", "runner", "autoinstall"},
    "documents": PURE | {"autoinstall", "plain"},
    "disk_report": PURE | {"autoinstall", "documents", "pages", "parameter"},
    "goal": PURE | {"actions", "autoinstall", "draft", "features", "rules", "runner", "saved", "system"},
    "drift_report": PURE | {"autoinstall", "documents", "drift", "features", "goal", "observation", "report", "runner"},
    "schema": PURE | {"features", "documents", "plain"},
    "commands": {"i18n"},
    "roff": set(),
    "arguments": set(),
    "manual_pages": {"__main__", "__version__", "actions", "answer_docs", "answers", "arguments", "autoinstall"}
    | {"commands", "config", "features", "parameter", "plain", "roff", "unattended"},
    "completion": {"__main__", "arguments"},
    "streams": {"i18n"},
    "report": PURE | {"answers", "draft", "pages", "autoinstall", "actions", "runner", "summary", "documents"},
    "links": PURE | {"system"},
    "unattended": PURE | {"pages", "autoinstall", "runner", "system", "report", "links"},
    "pages": PURE
    | {"esp", "feature", "distro", "observation", "parameter", "problems", "objections", "pages", "system", "firewall"}
    | {"autoinstall"}  # its list of the kernel's own words, and nothing else
    | {"saved", "drift"},  # Status only: what the node is compared with
    "ui": PURE
    | {"draft", "features", "rules", "problems", "objections", "pages", "resolution", "runner", "actions", "system"}
    | {"summary", "saved", "drift", "drift_report", "observation", "page_order"}
    | {"autoinstall", "links", "ui"},
}
ONLY_IN = {
    "urwid": {"ui"},
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
    for path in ROOT.rglob("*.py"):
        layer = path.relative_to(ROOT).parts[0].removesuffix(".py")
        if layer in {"__init__", "__main__"}:
            continue
        for name in imports(path):
            package, _, rest = name.partition(".")
            if package == "ovirt_tui" and rest:
                assert rest.split(".")[0] in MAY[layer], f"{path} may not import {name}"
            elif package in ONLY_IN:
                assert layer in ONLY_IN[package], f"{path} may not import {name}"


def test_of_the_kernel_line_pages_know_the_words_of_the_kernel_only() -> None:
    for path in (ROOT / "pages").rglob("*.py"):
        assert {each for each in imports(path) if "autoinstall" in each} <= {"ovirt_tui.autoinstall.kernel"}, path


def test_small() -> None:
    for folder in ("ovirt_tui", "bootmenu", "image", "guest", "bench", "tests"):
        for path in (ROOT.parent / folder).rglob("*.py"):
            assert len(path.read_text().splitlines()) <= 400, path
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    assert (node.end_lineno or 0) - node.lineno < 40, f"{path}: {node.name}"

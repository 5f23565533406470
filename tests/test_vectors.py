"""The test vectors that came with the specification; where one contradicts another, the reason is here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import vectors

FOLDER = Path(__file__).parent / "vectors"
DECIDED_OTHERWISE = {
    "page.installer.data_mb[299]": "storage_vol=0,Data is in the vectors of the kernel line; the page follows it",
    "page.network.hostname[328]": "an address as host name is refused by the vectors of the kernel line",
    "cmdline_parse[28]": "to the kernel, single quotes are ordinary characters",
}


@pytest.mark.parametrize("name", ["cmdline_cases", "validators", "behaviour_vectors"])
def test_vectors(name: str) -> None:
    passed, failed, _skipped = vectors.run(FOLDER / f"{name}.json")
    assert passed > 30
    assert [each for each in failed if each.name not in DECIDED_OTHERWISE] == []


def test_every_kernel_line_is_covered() -> None:
    passed, failed, skipped = vectors.run(FOLDER / "cmdline_cases.json")
    assert (passed, failed, sum(skipped.values())) == (224, [], 2), "two are about a word of a plug-in"


def test_a_failure_is_printed_and_counted(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "cmdline_cases_meta.json", tmp_path)
    cases = tmp_path / "cmdline_cases.json"
    cases.write_text(
        '[{"id": "good", "stage": "parse", "cmdline": "vlan=7", "expect": {"net.vlan": {"id": 7, "parent": null}}},'
        '{"id": "bad", "stage": "parse", "cmdline": "vlan=7", "error": "vlan: never"},'
        '{"group": "of_the_future", "input": 1, "expect": 2}]'
    )
    argv = [sys.executable, str(Path(vectors.__file__)), str(cases)]
    said = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    lines = said.stdout.splitlines()
    assert lines[0].startswith("cmdline_cases.json: bad: 'vlan: never' not in")
    assert lines[1:] == ["not covered: of_the_future (1)", "1 passed, 1 failed"]
    assert said.returncode == 1

"""The initrd mends passwd, shadow, group and gshadow: its script on files that were damaged in every way."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from house import ROOT

SCRIPT = ROOT / "image/dracut/90ovirt-node/accounts.sh"
PASSWD = "root:x:0:0:root:/root:/bin/bash\nsshd:x:991:65534::/run/sshd:/bin/false\nadmin:x:1000:1000::/home/admin:/c\n"
IMAGE = {
    "passwd": PASSWD,
    "shadow": "root:!*:20000:0:99999:7:::\nsshd:!:20000::::::\nadmin:!:20000:0:99999:7:::\n",
    "group": "root:x:0:\nsudo:x:27:admin\nadmin:x:1000:\n",
    "gshadow": "root:*::\nsudo:*::admin\nadmin:!::\n",
}
ETC = {**IMAGE, "shadow": IMAGE["shadow"].replace("admin:!", "admin:$y$new")}
BACKUP = {**IMAGE, "shadow": IMAGE["shadow"].replace("admin:!", "admin:$y$old")}
MODES = {"passwd": 0o644, "shadow": 0o640, "group": 0o644, "gshadow": 0o640}


class Etc:
    """An /etc, its backups, and the image's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.etc = folder, folder / "root/etc"
        for name, content in (("image", IMAGE), ("root", ETC)):
            (folder / name / "etc").mkdir(parents=True)
            for file, text in content.items():
                self.put(folder / name / "etc" / file, text, MODES[file])
        for file, text in BACKUP.items():
            self.put(self.etc / f"{file}-", text, 0o600)
        (folder / "run").mkdir()

    @staticmethod
    def put(path: Path, text: str, mode: int) -> None:
        path.write_text(text)
        path.chmod(mode)

    def mended(self, complains: bool = False) -> list[str]:
        """Run the script; what it says."""
        body = SCRIPT.read_text().replace(". /lib/ovirt-node-identity.sh", "").rpartition("\nif getarg node.slot=")[0]
        text = (
            f"node_run={self.folder}/run node_base={self.folder}/image NEWROOT={self.folder}/root\n"
            f'node_say() {{ printf "%s\\n" "$1"; }}\n{body}\nnode_accounts\n'
        )
        done = subprocess.run(("/bin/sh",), input=text, capture_output=True, text=True, timeout=60, check=True)
        assert complains or done.stderr == ""
        told = self.folder / "run/accounts-mended"
        lines = done.stdout.splitlines()
        assert (told.read_text().splitlines() if told.exists() else []) == lines
        shutil.rmtree(self.folder / "run")
        (self.folder / "run").mkdir()
        return lines

    def text(self, name: str) -> str:
        return (self.etc / name).read_text()


@pytest.fixture
def etc(tmp_path: Path) -> Etc:
    return Etc(tmp_path)


def test_what_is_whole_stays_as_it_is(etc: Etc) -> None:
    with (etc.etc / "passwd").open("a") as passwd:
        passwd.write("j\udcf6rg:x:1001:1001:,,,:/home/j:/bin/sh\n".encode(errors="surrogateescape").decode("latin-1"))
    with (etc.etc / "shadow").open("a") as shadow:
        shadow.write("j\udcf6rg:$y$x:1:::::z:\n".encode(errors="surrogateescape").decode("latin-1"))
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in etc.etc.iterdir()}
    assert etc.mended() == []
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in etc.etc.iterdir()} == before


@pytest.mark.parametrize("line", ["\n", "# who is who\n", "site:x\n", ""])
def test_a_line_that_somebody_wrote_wrongly_is_theirs(line: str, etc: Etc) -> None:
    """Where it is not the last one, which a cut may have left."""
    text = etc.text("passwd")
    (etc.etc / "passwd").write_text(line + text.removesuffix("\n"))
    said = etc.mended()
    assert said == (["/etc/shadow had no line for site: locked"] if "site" in line else [])
    assert etc.text("passwd") == line + text.removesuffix("\n")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_text(""),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "zeros-behind": lambda path: path.write_bytes(path.read_bytes() + bytes(512)),
    "cut": lambda path: path.write_text(path.read_text()[:-9]),
    "cut-at-field": lambda path: path.write_text(path.read_text() + "new:x:1"),
    "no-admin": lambda path: path.write_text(re.sub(r"(?m)^(admin|root):.*\n", "", path.read_text())),
    "noise": lambda path: path.write_bytes(b"\x80\xff\n" * 40),
    "folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", IMAGE)
def test_a_damaged_file_is_that_of_before_its_last_change(name: str, damage: str, etc: Etc) -> None:
    DAMAGE[damage](etc.etc / name)
    was = None if damage == "gone" or (etc.etc / name).is_dir() else (etc.etc / name).read_bytes()
    said = etc.mended()
    assert said == [f"/etc/{name} was damaged; that of before its last change was taken (damaged one: {name}.damaged)"]
    assert etc.text(name) == BACKUP[name]
    assert (etc.etc / name).stat().st_mode & 0o777 == MODES[name]
    assert (etc.etc / f"{name}.damaged").exists() == (damage != "gone")
    assert was is None or (etc.etc / f"{name}.damaged").read_bytes() == was
    assert etc.mended() == [], "once"


@pytest.mark.parametrize("damage", DAMAGE)
def test_without_a_backup_it_is_that_of_the_image_and_the_way_in_is_said(damage: str, etc: Etc) -> None:
    for name in ("shadow", "shadow-"):
        DAMAGE[damage](etc.etc / name)
    first, second = etc.mended()
    assert first.startswith("/etc/shadow was damaged, and its backup too; that of the image was taken")
    assert second == "admin has no password now: start the medium, choose its rescue shell and run lost-password"
    assert etc.text("shadow") == IMAGE["shadow"]


def test_all_at_once(etc: Etc) -> None:
    for path in [*etc.etc.iterdir()]:
        path.write_text("")
    assert len(etc.mended()) == 5
    assert {name: etc.text(name) for name in IMAGE} == IMAGE


def test_an_account_between_two_renames_is_locked(etc: Etc) -> None:
    """useradd has renamed passwd and group, and the power went before shadow and gshadow."""
    for name, line in (("passwd", "new:x:1001:1001::/home/new:/bin/sh\n"), ("group", "new:x:1001:\n")):
        (etc.etc / name).write_text(etc.text(name) + line)
    assert etc.mended() == ["/etc/shadow had no line for new: locked", "/etc/gshadow had no line for new: locked"]
    assert etc.text("shadow") == ETC["shadow"] + "new:!*:::::::\n"
    assert etc.text("gshadow") == ETC["gshadow"] + "new:!::\n"
    assert (etc.etc / "shadow").stat().st_mode & 0o777 == 0o640
    assert etc.mended() == []


def test_a_hash_whose_account_went_does_not_wait_for_the_next_of_that_name(etc: Etc) -> None:
    """userdel has renamed passwd, and the power went before shadow."""
    (etc.etc / "shadow").write_text("a.b:$y$left:1::::::\nadm:$y$left:1::::::\n" + ETC["shadow"])
    assert etc.mended() == ["/etc/shadow had lines of no account, which went: a.b adm"]
    assert etc.text("shadow") == ETC["shadow"]


def test_accounts_of_before_agree_with_those_of_the_backup(etc: Etc) -> None:
    """The backup of passwd lacks the account that shadow has."""
    for name, line in (("passwd", "new:x:1001:1001::/home/new:/bin/sh\n"), ("shadow", "new:$y$x:1::::::\n")):
        (etc.etc / name).write_text(etc.text(name) + line)
    (etc.etc / "passwd").write_text("")
    said = etc.mended()
    assert len(said) == 2 and said[1] == "/etc/shadow had lines of no account, which went: new"
    assert etc.text("shadow") == ETC["shadow"], "admin's password is still the new one"


def test_a_file_that_cannot_be_replaced_costs_no_account(etc: Etc) -> None:
    """What its lines would say of gshadow is not believed, and nothing is said to be mended that was not."""
    for name in ("group", "group-"):
        (etc.etc / name).write_text("")
    (etc.folder / "image/etc/group").unlink()
    said = etc.mended(complains=True)
    assert said == ["/etc/group is damaged and cannot be replaced"]
    assert etc.text("gshadow") == ETC["gshadow"]

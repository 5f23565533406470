"""The image's own files and modes, and where its packages come from."""

import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from image import ownfiles
from image.debian import mirrors
from image.debian.family import HERE
from image.ownfiles import lay, set_modes, wrong_modes
from image.stage import BuildError, listed

OVERLAY = Path(ownfiles.__file__).parent / "overlay"
TARGETS = """\
Debian|Debian|http://one.example/debian/
Debian|Debian|http://two.example/debian/
Debian Backports|Debian Backports|http://one.example/backports/
Debian|Debian-Security|http://one.example/debian-security
Docker|Docker CE|https://docker.example/
W: a warning of apt
Debian|Debian|cdrom:[Debian 13]/
"""


def test_the_first_mirror_of_each_of_debians_archives_counts() -> None:
    found = mirrors.debian_mirrors(TARGETS)
    assert found == {"Debian": "http://one.example/debian/", "Debian-Security": "http://one.example/debian-security"}
    assert mirrors.lines("trixie", found) == [
        "deb http://one.example/debian trixie main non-free-firmware",
        "deb http://one.example/debian trixie-updates main non-free-firmware",
        "deb http://one.example/debian-security trixie-security main non-free-firmware",
    ]
    assert mirrors.debian_mirrors("Debian|Debian|cdrom:[Debian 13]/\n") == {}


def test_without_a_mirror_the_build_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(mirrors, "run", lambda argv, timeout: asked.append(argv[1]) or "")
    with pytest.raises(BuildError, match=r"no mirror of Debian's packages; name them: make iso MIRROR="):
        mirrors.sources("trixie", "")
    assert asked == ["indextargets", "-qq", "indextargets"], "the lists of apt are fetched once, then looked at again"
    with pytest.raises(BuildError, match="no mirror of Debian's security updates"):
        mirrors.sources("trixie", "http://told.example/debian")
    told = mirrors.sources("trixie", "http://told.example/debian/ http://told.example/security/")
    assert told[0].split()[1:3] == ["http://told.example/debian", "trixie"]
    assert told[2].split()[1:3] == ["http://told.example/security", "trixie-security"]
    with pytest.raises(BuildError, match="more than two"):
        mirrors.sources("trixie", "a b c")


def test_no_mirror_is_named_in_the_recipe() -> None:
    for file in HERE.rglob("*"):
        if file.is_file() and file.suffix != ".pyc":
            assert "://" not in file.read_text(), file


def test_our_files_are_laid_over_the_tree_and_its_folders_keep_their_modes(tmp_path: Path) -> None:
    overlay, tree = tmp_path / "overlay", tmp_path / "tree"
    for folder in (overlay / "etc/sudoers.d", overlay / "usr/new", tree / "etc/sudoers.d"):
        folder.mkdir(parents=True)
    (tree / "etc/sudoers.d").chmod(0o750)
    (overlay / "etc/sudoers.d/node").write_text("ours")
    (overlay / "etc/sudoers.d/node").chmod(0o664)
    (overlay / "usr/new/program").touch()
    (overlay / "usr/new/program").chmod(0o775)
    (overlay / "usr/new/link").symlink_to("program")
    for _ in range(2):
        lay(overlay, tree)
    modes = {str(path.relative_to(tree)): path.lstat().st_mode & 0o777 for path in tree.rglob("*")}
    assert (modes["etc/sudoers.d"], modes["etc/sudoers.d/node"]) == (0o750, 0o644)
    assert (modes["usr/new"], modes["usr/new/program"]) == (0o755, 0o755)
    assert (tree / "usr/new/link").readlink() == Path("program")


def test_wrong_modes_stop_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc/sudoers.d").mkdir(parents=True)
    (tmp_path / "etc/NetworkManager/system-connections").mkdir(parents=True)
    for name in ("etc/sudoers.d/README", "etc/everybody"):
        (tmp_path / name).touch()
    (tmp_path / "etc/everybody").chmod(0o666)
    assert sorted(wrong_modes(tmp_path)) == [
        "anybody may change etc/everybody",
        "etc/NetworkManager/system-connections has 0755 and not 0700",
        "etc/sudoers.d/README has 0644 and not 0440",
    ]
    monkeypatch.setattr(ownfiles, "MODES", tmp_path / "modes")
    (tmp_path / "modes").write_text("0440 etc/sudoers.d/README\n0700 etc/NetworkManager/system-connections\n")
    with pytest.raises(BuildError, match="wrong: anybody may change etc/everybody"):
        set_modes(tmp_path)
    (tmp_path / "etc/everybody").unlink()
    set_modes(tmp_path)
    (tmp_path / "modes").write_text("0440 etc/sudoers.d/not-there\n")
    with pytest.raises(BuildError, match="not-there, which is not in the tree"):
        set_modes(tmp_path)


def test_what_the_list_of_modes_names_of_ours_is_there() -> None:
    named = [line.split()[1] for line in listed(ownfiles.MODES)]
    ours = {str(path.relative_to(OVERLAY)) for path in (OVERLAY / "etc/sudoers.d").iterdir()}
    assert ours and ours <= set(named)


def test_the_initiator_has_a_name_once_and_for_ever(tmp_path: Path) -> None:
    text = (OVERLAY / "usr/libexec/ovirt-node/initiator").read_text()
    name, maker = tmp_path / "initiatorname.iscsi", tmp_path / "iscsi-iname"
    maker.write_text('#!/bin/sh\ncat /proc/sys/kernel/random/uuid | sed "s/^/$2:/"\n')
    maker.chmod(0o755)
    script = tmp_path / "initiator"
    script.write_text(text.replace("/etc/iscsi", str(tmp_path)).replace("/usr/sbin/iscsi-iname", str(maker)))

    def made() -> str:
        subprocess.run(["sh", script], check=True, timeout=30)
        return name.read_text()

    first = made()
    assert first.splitlines()[-1].startswith("InitiatorName=iqn.1993-08.org.debian:01:")
    assert made() == first and name.stat().st_mode & 0o777 == 0o600
    for damaged in ("", "\0" * 40, "InitiatorName=\n", "InitiatorName=iqn.\n"):  # what a power cut may leave
        name.write_text(damaged)
        assert made() not in (damaged, first)
        assert name.read_text().splitlines()[-1].startswith("InitiatorName=iqn.1993-08.org.debian:01:")
    for own in ("iqn.2001-04.com.example:a", "eui.02004567A425678D", "naa.52004567BA64678D"):
        for line in (f"InitiatorName={own}\n", f"# ours\n InitiatorName = {own}\n"):
            name.write_text(line)
            assert made() == line, "what an admin wrote stays"
    maker.write_text("#!/bin/sh\nexit 1\n")
    name.unlink()
    assert subprocess.run(["sh", script], timeout=30).returncode and not name.exists()
    unit = (OVERLAY / "usr/lib/systemd/system/ovirt-node-initiator.service").read_text()
    assert "initiatorname" not in unit, "what is in the file is for the script to judge"


def test_a_bridge_has_the_hardware_address_of_its_interface() -> None:
    """udev takes the first file that matches, so this one has to come before its defaults, which match everything."""
    (file,) = (OVERLAY / "usr/lib/systemd/network").iterdir()
    assert file.suffix == ".link" and file.name < "99-default.link"
    said = ConfigParser(interpolation=None)
    said.optionxform = str  # type: ignore[assignment,method-assign]
    said.read_string(file.read_text())
    assert dict(said["Match"]) == {"Kind": "bridge"}
    assert dict(said["Link"]) == {"NamePolicy": "keep", "MACAddressPolicy": "none"}

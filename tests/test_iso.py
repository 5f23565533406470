"""Images in ISO files: found and read in user space, whatever the file is."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from bootmenu.words import words_file
from image import signing
from ovirt_tui.machine.signers import signer
from ovirt_tui.system import StepFailed, media, node_images, silent
from ovirt_tui.system.image import quietly, sum_of
from ovirt_tui.system.media import FILES, Folder, Iso, small, source

CONTENT = {
    "vmlinuz": b"kernel" * 1000,
    "initrd.img": b"initrd" * 5000,
    "LiveOS/squashfs.img": os.urandom(300_000),
    "version": b'PRODUCT="oVirt Node"\nVERSION=0.3.0\nRELEASE=7\n',
}


def written(folder: Path, content: dict[str, bytes], sums: bytes | None = None) -> Path:
    tree = folder / "tree"
    for name, data in content.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    lines = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in content.items())
    (tree / "sha256sums").write_bytes(lines.encode() if sums is None else sums)
    iso = folder / "new.iso"
    argv = ("xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", str(iso), str(tree))
    subprocess.run(argv, check=True, capture_output=True, timeout=60)
    return iso


@pytest.fixture
def iso(tmp_path: Path) -> Path:
    return written(tmp_path, CONTENT)


def test_the_files_of_an_iso_are_read_where_they_are(iso: Path) -> None:
    found = source(str(iso))
    assert isinstance(found, Iso)
    for name, data in CONTENT.items():
        assert found.has(name) and found.extent(name).length == len(data)
        assert sum_of(found.extent(name), quietly) == hashlib.sha256(data).hexdigest()
    assert not found.has("sha256sums.sig")
    assert small(found, "version") == CONTENT["version"]


def test_a_candidate_is_what_its_files_say(iso: Path) -> None:
    told: list[tuple[int, int]] = []
    found = node_images.candidate(str(iso), lambda done, total: told.append((done, total)))
    assert (found.product, found.version, found.mib, found.signer) == ("oVirt Node", "0.3.0-7", 1, "")
    total = sum(map(len, CONTENT.values()))
    assert told[-1] == (total, total) and told == sorted(told)


def test_an_image_without_words_is_one_before_each_had_settings_of_its_own(iso: Path, tmp_path: Path) -> None:
    assert node_images.candidate(str(iso), silent).earlier
    (tmp_path / "now").mkdir()
    now = written(tmp_path / "now", {**CONTENT, "words": words_file("0.3.0-7", ("rd.live.image",))})
    assert not node_images.candidate(str(now), silent).earlier


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_is_found(name: str, iso: Path) -> None:
    found = source(str(iso))
    assert isinstance(found, Iso)
    offset, length = found.extents[name]
    data = bytearray(iso.read_bytes())
    data[offset + length // 2] ^= 1
    iso.write_bytes(data)
    with pytest.raises(StepFailed, match=f"is damaged: {name} is not as its checksum says"):
        node_images.candidate(str(iso), silent)


@pytest.mark.parametrize("part", [0, 1, 20_000, 40_000, 100_000])
def test_a_truncated_iso_is_refused_in_a_sentence(part: int, iso: Path) -> None:
    iso.write_bytes(iso.read_bytes()[:part])
    with pytest.raises(StepFailed, match=r"cannot be used|not complete|cannot be read"):
        node_images.candidate(str(iso), silent)


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_iso_ends_in_a_sentence(seed: int, iso: Path) -> None:
    """Its descriptors and folders are overwritten in places: what is found is right, or is refused."""
    data = bytearray(iso.read_bytes())
    for number in range(40):
        at = 32768 + int.from_bytes(hashlib.sha256(f"{seed} {number}".encode()).digest()[:4]) % 20_000
        data[at] = (seed * 37 + number) % 256
    iso.write_bytes(data)
    try:
        found = node_images.candidate(str(iso), silent)
    except StepFailed as failure:
        assert str(failure)
    else:
        assert found.version == "0.3.0-7"


@pytest.mark.parametrize("name", [*FILES, "sha256sums"])
def test_an_iso_of_something_else_is_none_of_ours(name: str, tmp_path: Path) -> None:
    rest = {each: data for each, data in CONTENT.items() if each != name}
    iso = written(tmp_path, rest, sums=b"" if name == "sha256sums" else None)
    with pytest.raises(StepFailed, match=r"no checksum|no file"):
        node_images.candidate(str(iso), silent)


def test_files_that_are_too_large_to_be_what_they_should_are_not_read(tmp_path: Path) -> None:
    iso = written(tmp_path, CONTENT, sums=b"x" * (media.SMALL + 1))
    with pytest.raises(StepFailed, match="at most 65536"):
        node_images.candidate(str(iso), silent)


def test_a_link_in_an_iso_is_no_file(tmp_path: Path) -> None:
    iso = written(tmp_path, CONTENT)
    (tmp_path / "tree/version").unlink()
    (tmp_path / "tree/version").symlink_to("/etc/shadow")
    argv = ("xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", str(iso), str(tmp_path / "tree"))
    subprocess.run(argv, check=True, capture_output=True, timeout=60)
    with pytest.raises(StepFailed, match="no file version"):
        node_images.candidate(str(iso), silent)


@pytest.mark.parametrize("name", ["absent.iso", "folder"])
def test_what_is_no_file_is_said(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StepFailed, match=name):
        source(str(tmp_path / name))


def test_without_a_path_it_is_the_medium() -> None:
    assert source("") == Folder(media.MEDIUM)


def test_a_candidate_tells_who_signed_it_or_why_nobody_did(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    for name in ("site", "stranger"):
        argv = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / name))
        subprocess.run(argv, check=True, timeout=60)
    known = tuple(each for each in (signer("site.pub", (keys / "site.pub").read_text()),) if each)
    for name, told in (("site", ""), ("stranger", "none of the public keys of this node"), ("", "not signed")):
        written(tmp_path, CONTENT)
        if name:
            signing.sign(tmp_path / "tree/sha256sums", keys / name)
        found = node_images.candidate(str(again(tmp_path)), silent, known)
        assert found.signer == ("site" if name == "site" else "")
        assert told in found.unsigned
        (tmp_path / "tree/sha256sums.sig").unlink(missing_ok=True)


def again(folder: Path) -> Path:
    """The ISO of the tree as it is now."""
    argv = ("xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", str(folder / "new.iso"), str(folder / "tree"))
    (folder / "new.iso").unlink(missing_ok=True)
    subprocess.run(argv, check=True, capture_output=True, timeout=60)
    return folder / "new.iso"

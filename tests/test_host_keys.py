"""The SSH host keys: made once, and again where a power cut left less than a key."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent.parent / "image/overlay/usr/libexec/ovirt-node/hostkeys"
KINDS = ("ed25519", "ecdsa")


def made(folder: Path) -> dict[str, bytes]:
    """The keys after one more start."""
    subprocess.run(("/bin/sh", PROGRAM, folder, folder), check=True, timeout=60)
    names = (*(f"ssh_host_{kind}_key" for kind in KINDS), "kdump-key")
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{name}{end}" for name in names for end in ("", ".pub")
    )
    return {**{kind: (folder / f"ssh_host_{kind}_key").read_bytes() for kind in KINDS}, "dumps": dumps(folder)}


def dumps(folder: Path) -> bytes:
    """The key for a server of dumps, whose public half says what it is for."""
    assert (folder / "kdump-key.pub").read_text().split()[::2] == ["ssh-ed25519", "kdump"]
    return (folder / "kdump-key").read_bytes()


def test_keys_stay_what_they_are(tmp_path: Path) -> None:
    first = made(tmp_path)
    (tmp_path / "ssh_host_ecdsa_key").chmod(0o644)
    assert made(tmp_path) == first
    for kind in KINDS:
        key = tmp_path / f"ssh_host_{kind}_key"
        assert key.stat().st_mode & 0o777 == 0o600
        argv = ("ssh-keygen", "-y", "-f", key)
        public = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=30).stdout
        assert (tmp_path / f"ssh_host_{kind}_key.pub").read_text().split()[:2] == public.split()[:2]


@pytest.mark.parametrize("damage", [b"", b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n"])
def test_a_damaged_key_is_replaced_and_the_other_is_not(tmp_path: Path, damage: bytes) -> None:
    first = made(tmp_path)
    (tmp_path / "ssh_host_ed25519_key").write_bytes(damage)
    (tmp_path / "ssh_host_ed25519_key.new").write_bytes(b"of an attempt that was cut short")
    again = made(tmp_path)
    assert (again["ecdsa"], again["dumps"]) == (first["ecdsa"], first["dumps"])
    assert again["ed25519"] not in (first["ed25519"], damage)

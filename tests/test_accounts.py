"""Accounts of the image: fixed numbers, and an /etc of an older version that gets those that are missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from house import ROOT
from image import accounts
from image.stage import BuildError

SCRIPT = ROOT / "image/overlay/usr/libexec/ovirt-node/accounts"
TABLE = ROOT / "image/overlay" / accounts.TABLE
BASE = """\
g shadow 42 -
g sudo 27 -
g nogroup 65534 -
u root 0 - /root /bin/bash
u nobody 65534:65534 - /nonexistent /usr/sbin/nologin
"""
PASSWD = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
GROUP = "root:x:0:\nshadow:x:42:\nsudo:x:27:\nnogroup:x:65534:\n"
ADMIN = "admin:x:1000:1000:oVirt Node administrator:/home/admin:/usr/libexec/ovirt-node/console\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A node of an older version: it has few accounts, and one that its admin made."""
    for name in ("etc", "usr/lib/sysusers.d", "bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / accounts.BASE).write_text(BASE)
    shutil.copy(TABLE, tmp_path / accounts.TABLE)
    (tmp_path / "usr/lib/os-release").write_text("ID=debian\nIMAGE_VERSION=0.2.0-1\n")
    (tmp_path / "etc/passwd").write_text(PASSWD + ADMIN + "site:x:989:989:mine:/opt/site:/bin/sh\n")
    (tmp_path / "etc/group").write_text(GROUP + "admin:x:1000:\nsite:x:989:\n")
    (tmp_path / "etc/shadow").write_text("root:!*:20000::::::\nadmin:$6$salt$hash:20000:0:99999:7:::\n")
    (tmp_path / "etc/gshadow").write_text("root:*::\n")
    (say := tmp_path / "bin/say").write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/said\n')
    say.chmod(0o755)
    return tmp_path


def brought(tree: Path) -> tuple[int, str]:
    """What the unit's script does to an old /etc: its exit status, and what is on the consoles."""
    argv = (SCRIPT, str(tree), str(tree / "bin/say"))
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    said = tree / "said"
    return done.returncode, said.read_text() if said.exists() else ""


def entry(tree: Path, file: str, name: str) -> str:
    lines = (tree / "etc" / file).read_text().splitlines()
    return next((line for line in lines if line.startswith(f"{name}:")), "")


@pytest.mark.root
def test_an_old_etc_gets_the_accounts_of_the_image_and_keeps_its_own(tree: Path) -> None:
    assert brought(tree) == (0, "")
    assert entry(tree, "passwd", "sshd") == "sshd:x:991:65534:sshd user:/run/sshd:/usr/sbin/nologin"
    assert entry(tree, "passwd", "libvirt-qemu").startswith("libvirt-qemu:x:64055:993:")
    assert entry(tree, "group", "kvm") == "kvm:x:993:"
    assert entry(tree, "group", "libvirt") == "libvirt:x:107:admin"
    assert entry(tree, "shadow", "sshd").split(":")[1].startswith("!")
    assert entry(tree, "shadow", "admin") == "admin:$6$salt$hash:20000:0:99999:7:::"
    assert entry(tree, "passwd", "site") == "site:x:989:989:mine:/opt/site:/bin/sh"
    assert (tree / "etc/ovirt-node/.accounts").read_text() == "0.2.0-1\n"
    numbers = accounts.table(tree)
    there = accounts.present(tree)
    assert {name: there.users[name] for name in numbers.users} == numbers.users
    assert {name: there.groups[name] for name in numbers.groups} == numbers.groups


@pytest.mark.root
def test_once_for_each_version(tree: Path) -> None:
    assert brought(tree) == (0, "")
    (tree / "etc/passwd").write_text(PASSWD + ADMIN)
    assert brought(tree) == (0, "") and not entry(tree, "passwd", "sshd"), "this version has been"
    (tree / "usr/lib/os-release").write_text("IMAGE_VERSION=0.3.0-1\n")
    assert brought(tree) == (0, "") and entry(tree, "passwd", "sshd")


@pytest.mark.root
def test_a_number_that_a_site_gave_away_is_said(tree: Path) -> None:
    with (tree / "etc/passwd").open("a") as passwd:
        passwd.write("backupd:x:991:100::/:/bin/false\n")
    status, said = brought(tree)
    assert status == 0 and entry(tree, "passwd", "backupd").startswith("backupd:x:991:")
    number = entry(tree, "passwd", "sshd").split(":")[2]
    assert number != "991" and f" sshd ({number}, not 991)" in said and said.count("not ") == 1


@pytest.mark.root
def test_what_cannot_be_done_is_said_and_tried_again(tree: Path) -> None:
    (tree / "etc/passwd").unlink()
    (tree / "etc/passwd").mkdir()
    status, said = brought(tree)
    assert status == 1 and "accounts that version 0.2.0-1 brings could not be made" in said
    assert not (tree / "etc/ovirt-node/.accounts").exists()


def test_an_account_without_a_number_stops_the_build(tree: Path) -> None:
    with pytest.raises(BuildError, match="has no number for the user site"):
        accounts.settle(tree)


def test_a_number_is_given_once(tree: Path) -> None:
    with (tree / accounts.TABLE).open("a") as table:
        table.write("u another 991:65534 -\n")
    with pytest.raises(BuildError, match="gives one number to several users: another, sshd"):
        accounts.settle(tree)


@pytest.mark.root
def test_an_account_with_another_number_gets_that_of_the_table_and_its_files_too(tree: Path) -> None:
    (tree / "etc/passwd").write_text(PASSWD + ADMIN + "sshd:x:100:65534::/:/\n_chrony:x:991:105:::\n")
    (tree / "etc/group").write_text(GROUP + "admin:x:1000:\n_chrony:x:105:\nrdma:x:102:\n")
    for name, user, group, mode in (("a", 100, 105, 0o4710), ("b", 991, 102, 0o600), ("c", 0, 0, 0o644)):
        (tree / name).touch()
        os.chown(tree / name, user, group)
        (tree / name).chmod(mode)
    (tree / "link").symlink_to("c")
    os.chown(tree / "link", 100, 0, follow_symlinks=False)
    accounts.settle(tree)
    assert entry(tree, "passwd", "sshd").startswith("sshd:x:991:65534:")
    assert entry(tree, "passwd", "_chrony").startswith("_chrony:x:100:102:")
    assert entry(tree, "group", "rdma") == "rdma:x:105:"
    found = [(name, (tree / name).lstat()) for name in ("a", "b", "c", "link")]
    assert [(known.st_uid, known.st_gid) for _name, known in found] == [(991, 102), (100, 105), (0, 0), (991, 0)]
    assert found[0][1].st_mode & 0o7777 == 0o4710

"""Signatures of an image, by ssh-keygen itself: who signed, and what is said where nobody did whom the node knows."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from house import ROOT
from image import signing
from image.stage import BuildError
from ovirt_tui.machine.facts import Facts
from ovirt_tui.machine.signers import FOLDERS, NAMESPACE, Judgement, Signer, Verdict, signer
from ovirt_tui.system import StepFailed
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.signature import LARGEST, answered, asked_of, signed_by, signers

SUMS = b"0123  vmlinuz\n4567  LiveOS/squashfs.img\n"


def made(folder: Path, name: str, kind: str = "ed25519") -> Path:
    """A key without a passphrase."""
    folder.mkdir(exist_ok=True)
    key = folder / name
    argv = ("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", f"{name}@example.com", "-f", str(key))
    subprocess.run(argv, check=True, timeout=60)
    return key


def known(*keys: Path) -> tuple[Signer, ...]:
    found = (signer(f"{key.name}.pub", key.with_suffix(".pub").read_text()) for key in keys)
    return tuple(each for each in found if each)


def signature(key: Path, text: bytes = SUMS, namespace: str = NAMESPACE) -> bytes:
    file = key.with_name("sums")
    file.write_bytes(text)
    Path(f"{file}.sig").unlink(missing_ok=True)
    argv = ("ssh-keygen", "-Y", "sign", "-q", "-f", str(key), "-n", namespace, str(file))
    subprocess.run(argv, check=True, timeout=60, capture_output=True)
    return Path(f"{file}.sig").read_bytes()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("maker", "second", "stranger"):
        made(folder, name)
    return folder


def test_who_signed(keys: Path) -> None:
    both = known(keys / "maker", keys / "second")
    assert signed_by(SUMS, signature(keys / "second"), both) == "second"
    assert signed_by(SUMS, signature(keys / "maker"), both) == "maker"


def refusal(sums: bytes, made: bytes, *who: Path) -> str:
    with pytest.raises(StepFailed) as caught:
        signed_by(sums, made, known(*who))
    return str(caught.value)


def test_what_is_not_signed_is_refused(keys: Path) -> None:
    assert refusal(SUMS, b"", keys / "maker") == "the image is not signed"


def test_a_key_of_somebody_else_is_named_with_its_fingerprint(keys: Path) -> None:
    said = refusal(SUMS, signature(keys / "stranger"), keys / "maker", keys / "second")
    (stranger,) = known(keys / "stranger")
    wanted = f"the image is signed by the key {stranger.key.fingerprint} (ED25519), which is none of the public keys"
    assert said.startswith(wanted)
    assert refusal(SUMS, signature(keys / "stranger")) == said, "a node without keys knows nobody"


def test_a_signature_by_a_key_of_another_kind_is_none_of_ours(keys: Path, tmp_path: Path) -> None:
    other = made(tmp_path, "ecdsa", "ecdsa")
    assert known(other) == ()
    assert "(ECDSA), which is none of the public keys" in refusal(SUMS, signature(other), keys / "maker")


def damaged(good: bytes) -> dict[str, bytes]:
    lines = good.splitlines(keepends=True)
    middle = len(good) // 2
    return {
        "cut in two": good[:middle],
        "without its end": b"".join(lines[:-1]),
        "a letter changed": good[:middle] + (b"A" if good[middle : middle + 1] != b"A" else b"B") + good[middle + 1 :],
        "twice a line": b"".join((*lines[:2], *lines[1:])),
        "a newline": b"\n",
        "noughts": bytes(500),
        "noise": bytes(range(256)) * 4,
        "a key": b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        "empty armour": b"-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
        "option": b"-f /etc/passwd\n",
    }


@pytest.mark.parametrize("how", damaged(b"x\n" * 100))
def test_a_damaged_signature_is_refused(how: str, keys: Path) -> None:
    broken = damaged(signature(keys / "maker"))[how]
    assert refusal(SUMS, broken, keys / "maker").startswith("the signature of the image is damaged")


@pytest.mark.parametrize(
    "text", [b"", SUMS[:-1], SUMS + b"\n", SUMS.replace(b"0", b"1"), SUMS.decode().upper().encode()]
)
def test_a_signature_of_another_text_is_refused(text: bytes, keys: Path) -> None:
    said = refusal(text, signature(keys / "maker"), keys / "maker")
    assert "belongs to other checksums" in said


def test_bytes_that_are_no_text_are_signed_as_they_are(keys: Path) -> None:
    assert signed_by(b"\xff\x00\n", signature(keys / "maker", b"\xff\x00\n"), known(keys / "maker")) == "maker"
    assert "damaged" in refusal(b"\xfe\x00\n", signature(keys / "maker", b"\xff\x00\n"), keys / "maker")


def test_a_signature_for_another_use_is_refused(keys: Path) -> None:
    assert "damaged" in refusal(SUMS, signature(keys / "maker", namespace="file"), keys / "maker")


def test_what_is_huge_is_refused_unread(keys: Path) -> None:
    good = signature(keys / "maker")
    assert "damaged" in refusal(bytes(LARGEST + 1), good, keys / "maker")
    assert "damaged" in refusal(SUMS, good + bytes(LARGEST), keys / "maker")


def test_the_keys_of_a_node_are_those_of_its_image_and_those_that_its_admin_added(keys: Path) -> None:
    public = {name: (keys / f"{name}.pub").read_text() for name in ("maker", "second", "stranger")}
    (maker,) = known(keys / "maker")
    system = FakeSystem(Facts())
    system.files = {
        f"{FOLDERS[0]}/maker.pub": maker.allowed(),
        f"{FOLDERS[0]}/README": "no key",
        f"{FOLDERS[1]}/site.pub": f"# ours\n{public['second']}",
        f"{FOLDERS[1]}/maker.pub": public["stranger"],
        f"{FOLDERS[1]}/damaged.pub": public["stranger"][:40],
        f"{FOLDERS[1]}/two.pub": public["stranger"] * 2,
        f"{FOLDERS[1]}/-o option.pub": public["stranger"],
        f"{FOLDERS[1]}/all.pub": f"* cert-authority {public['stranger']}",
    }
    found = signers(system)
    assert [(each.name, each.key.comment) for each in found] == [("maker", ""), ("site", "second@example.com")]
    assert signed_by(SUMS, signature(keys / "second"), found) == "site"


def test_the_build_signs_and_puts_the_keys_into_the_image(keys: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "second.pub").write_text((keys / "second.pub").read_text())
    found = signing.public_keys(keys / "maker", more)
    signing.lay(found, tmp_path / "tree")
    folder = tmp_path / "tree" / FOLDERS[0].lstrip("/")
    assert sorted(path.name for path in folder.iterdir()) == ["maker.pub", "second.pub"]
    assert (folder / "maker.pub").read_text().startswith(f'maker namespaces="{NAMESPACE}" ssh-ed25519 AAAA')
    file = tmp_path / "sha256sums"
    file.write_bytes(SUMS)
    signing.sign(file, keys / "maker")
    first = (tmp_path / "sha256sums.sig").read_bytes()
    there = [signer(path.name, path.read_text()) for path in sorted(folder.iterdir())]
    assert signed_by(SUMS, first, tuple(each for each in there if each)) == "maker"
    (tmp_path / "sha256sums.sig").unlink()
    signing.sign(file, keys / "maker")
    assert (tmp_path / "sha256sums.sig").read_bytes() == first, "the same image has the same signature"


def test_the_build_refuses_keys_that_a_node_could_not_use(keys: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"wide\.pub is not the name and the text of one Ed25519 public key"):
        signing.public_keys(made(tmp_path, "wide", "ecdsa"), None)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BuildError, match="has no public key"):
        signing.public_keys(None, tmp_path / "empty")
    with pytest.raises(BuildError, match="ssh-keygen"):
        signing.public_keys(tmp_path / "missing", None)
    assert signing.public_keys(None, None) == {}
    signing.lay({}, tmp_path / "tree")
    assert not (tmp_path / "tree").exists(), "an image that nobody signs carries no key"


def test_the_page_asks_a_program_that_reads_the_tree_of_the_running_image(keys: Path, tmp_path: Path) -> None:
    (tmp_path / "sha256sums").write_bytes(SUMS)

    def said() -> Verdict:
        argv = asked_of(str(tmp_path), known(keys / "maker"))
        here = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(argv, check=True, timeout=60, capture_output=True, text=True, env=here)
        return answered(done.stdout)

    assert said() == Verdict(Judgement.UNSIGNED)
    (tmp_path / "sha256sums.sig").write_bytes(signature(keys / "maker"))
    assert said() == Verdict(Judgement.SIGNED, "maker")
    (tmp_path / "sha256sums").write_bytes(SUMS * 2)
    assert said() == Verdict(Judgement.DAMAGED)
    (tmp_path / "sha256sums.sig").write_bytes(bytes(10 * LARGEST))
    assert said() == Verdict(Judgement.DAMAGED)

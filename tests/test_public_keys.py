"""Public keys: which are taken, how they are written on a line, and why others are refused."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from machines import PLAIN
from ovirt_tui.autoinstall.cmdline import read, read_lines
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.model.public_keys import SshKey, plain_keys
from ovirt_tui.model.values import Unfit
from ovirt_tui.pages.security import Users
from ovirt_tui.system.key_files import LARGEST
from ovirt_tui.system.key_files import read as read_files

ED = "AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1j7COaa"
EC = (
    "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACecF1ByPGUZRBb5xWLiv2ZEmTMtJd8lfN2rnffepQ8LRfx"
    "8EY/yQ7XdqCo7iUkwQOi14G+m84R2olpcrkOIOR68wFfvQKgxSUzgiTpusBQx7iBTDQHLKP4/YAkkR9/9wL0NyghcUVdacwHJLXw"
    "E8E5Uy+aQVXlNEB5Z8UAF1jwEpvwiw=="
)
RSA = (
    "AAAAB3NzaC1yc2EAAAADAQABAAABAQCaSBt43gB4lGxoJR++w4gY6JFBsMxBB0vuZ6op8D7mjZKlc0ltVT23gugHSumWDtKKY2T0"
    "LW/IgIGHR8KyPn2+Rpt8UkI0sFA3dR84/jB4ex5sT3xLTsEGBY12PcnZEnbuXmRhZkp+cWX4QxSBouRiuQB2XDOidaWvBs8DuDd2"
    "KO+gxtwdihLxQsFi4tL+qkiwf3AGifUlRW0LUGDnWfwACfFlkfDCaPwGQT9DFA8LHPOWSbJ6Af/GmfblSVdngG1SvPAndw3kCMs+"
    "pG+cfiFYN6IOcxnKLH2CJ3GXR6GYZh6pmIiDCNmh0HQ76KkkBY4V7I53HfZfZsRrhpG+wMdr"
)
FINGERPRINT = "SHA256:BCb55QKd7sWcZdrXMDYi8LXZIEg55ZlowK+jADoM1s8"


def packed(*parts: bytes) -> str:
    return base64.b64encode(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).decode()


def rsa(bits: int, exponent: int = 65537) -> str:
    modulus = (1 << bits - 1) | 1
    return packed(b"ssh-rsa", exponent.to_bytes(4, "big").lstrip(b"\0"), modulus.to_bytes(bits // 8 + 1, "big"))


POINT = b"\x04" + bytes(64)
GOOD = (
    f"ssh-ed25519 {ED} admin@example.com",
    f"ssh-ed25519 {ED}",
    f"ecdsa-sha2-nistp521 {EC} x@y",
    f"ssh-rsa {RSA} x@y",
    f"ssh-rsa {rsa(2048)}",
    f"sk-ssh-ed25519@openssh.com {packed(b'sk-ssh-ed25519@openssh.com', bytes(32), b'ssh:')} token",
    "sk-ecdsa-sha2-nistp256@openssh.com " + packed(b"sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", POINT, b"ssh:"),
)
BAD = {
    "": "does not begin with one of",
    "hunter2": "does not begin with one of",
    f"ssh-ed25519 {ED[:-4]} x": "not whole",
    f"ssh-ed25519 {ED}AAAA x": "not whole",
    f"ssh-ed25519 {ED[:-1]}! x": "no base64",
    "ssh-ed25519": "not whole",
    "ssh-ed25519 ä": "no base64",
    f"ssh-rsa {ED} x": "not of the type ssh-rsa",
    f"ecdsa-sha2-nistp256 {EC} x": "not of the type ecdsa-sha2-nistp256",
    f"ssh-rsa {rsa(1024)} x": "an RSA key of 1024 bits; at least 2048",
    f"ssh-rsa {rsa(2048, 4)} x": "not whole",
    f"ssh-rsa {rsa(2048, 1)} x": "not whole",
    f"ssh-rsa {packed(b'ssh-rsa', b'', b'')} x": "not whole",
    f"sk-ssh-ed25519@openssh.com {packed(b'sk-ssh-ed25519@openssh.com', bytes(32))} x": "not whole",
    f"sk-ecdsa-sha2-nistp256@openssh.com {packed(b'sk-ecdsa-sha2-nistp256@openssh.com', b'nistp256', POINT)}": "not",
    f'command="/bin/sh" ssh-ed25519 {ED} x': "options before a key are not taken; give the key from ssh-ed25519 on",
    f"no-pty ssh-ed25519 {ED} x": "options before a key are not taken",
    "ssh-dss AAAAB3NzaC1kc3M= x": "DSA keys are no longer accepted",
    f"ssh-ed25519-cert-v01@openssh.com {ED}": "a certificate",
    "-----BEGIN OPENSSH PRIVATE KEY-----": "a private key, which must stay where it is",
    f"ssh-ed25519 {ED} {'x' * 9000}": "longer than",
}


@pytest.mark.parametrize("text", GOOD)
def test_whole_keys_are_taken_as_they_are(text: str) -> None:
    key = SshKey(text)
    assert str(key) == text and SshKey(str(key)) == key
    assert SshKey(text.replace(" ", ",")) == key, "commas stand for blanks"


def test_the_fingerprint_is_that_of_ssh_keygen() -> None:
    assert SshKey(GOOD[0]).fingerprint == FINGERPRINT


@pytest.mark.parametrize("text", BAD)
def test_others_are_refused_with_the_reason(text: str) -> None:
    with pytest.raises(Unfit, match=BAD[text]) as refused:
        SshKey(text)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("adam's  laptop, at home", "adam_s laptop_ at home"),
        ('"quoted" $(id) \x1b[2J', "_quoted_ __id_ __2J"),
        ("a\u202eb\u009bc", "a_b_c"),
        ("x" * 200, "x" * 100),
    ],
)
def test_a_comment_is_made_harmless(comment: str, kept: str) -> None:
    key = SshKey(f"ssh-ed25519 {ED} {comment}")
    assert key.comment == kept and SshKey(str(key)) == key


def test_a_line_takes_keys_in_both_forms_and_each_once() -> None:
    line = f'sshkey="{GOOD[0]}" sshkey={GOOD[3].replace(" ", ",")} sshkey="ssh-ed25519 {ED} again" hostname=a'
    for reading in (read(line), read_lines(line.replace(" sshkey", "\nsshkey"))):
        found = understand(reading, PLAIN)
        assert found.complaints == ()
        assert [str(key) for key in found.config[Users].ssh_keys] == [GOOD[0], GOOD[3]]


def test_a_key_without_quotes_is_refused_by_name() -> None:
    (complaint, *_others) = understand(read(f"sshkey={GOOD[0]}"), PLAIN).complaints
    assert complaint.parameter == "sshkey" and complaint.path == "users.ssh_keys"
    assert "not whole" in complaint.text and "in quotes" in complaint.message


def test_lines_with_options_are_none_of_ours() -> None:
    text = f'# of adam\n{GOOD[0]}\ncommand="x" {GOOD[3]}\n\n{GOOD[0]}\n'
    assert plain_keys(text) == (SshKey(GOOD[0]),)


def test_files_of_a_stick_are_read_and_nothing_is_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("root:hash")
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "adam.pub").write_text(GOOD[0])
    (stick / "eve.PUB").write_bytes(b"\xff\xfe")
    (stick / "link.pub").symlink_to(secret)
    (stick / "folder.pub").mkdir()
    (stick / "huge.pub").write_bytes(bytes(LARGEST + 1))
    (stick / "else.txt").write_text(GOOD[0])
    os.mkfifo(stick / "pipe.pub")
    assert read_files(stick) == (("adam.pub", GOOD[0]), ("eve.PUB", "\ufffd\ufffd"))

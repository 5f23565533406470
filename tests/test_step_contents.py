"""What goldens show of a step is all that it carries: no field can be left out, of no kind of step there will be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from ovirt_tui.model.public_keys import SshKey
from ovirt_tui.model.secrets import BootHash, Confidential, Crypted, Passphrase
from ovirt_tui.model.values import is_secret
from ovirt_tui.system.disk_steps import BootLoader, Volumes
from ovirt_tui.system.steps import File, Step
from step_contents import NO_NEWLINE, folded, shown, whole

KEYS = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1j7COaa same",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICY3JydQhhTfSZun1DmnNlPY7SLOjFCcD9Njb1Qaaaaa same",
)
VALUES: Mapping[Any, tuple[object, ...]] = {
    NoneType: (None,),
    str: ("", "/a", "/b", "a\nb\n", "a\n\nb\n", "a\n b\n", "a\nb", "a\tb\n", "a\r\nb\n", "a " * 80, "a  " + "a " * 79),
    int: (0, 1, 2),
    bool: (False, True),
    SshKey: tuple(map(SshKey, KEYS)),
    Crypted: (Crypted("$6$salt$hash"), Crypted("$6$salt$other")),
    Confidential: (
        Confidential("a {b}\n", b=Passphrase("salt")),
        Confidential("a {b} c\n", b=Passphrase("salt")),
    ),
    BootHash: (BootHash("grub.pbkdf2.sha512.1.AA.BB"), BootHash("grub.pbkdf2.sha512.1.AA.CC")),
}
"""Some values of each type that a step carries."""
KINDS: tuple[type[Any], ...] = get_args(Step)
CARRIED = [(kind, field.name) for kind in KINDS for field in fields(kind)]


def values(kind: Any) -> tuple[Any, ...]:
    """Different values of a type, as a field declares it."""
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        if parts[-1] is ...:
            some = tuple(each for each in values(parts[0]) if each)
            return ((), *((each,) for each in some), some, some[::-1])
        return tuple(tuple(values(part)[index] for part in parts) for index in (1, 2))
    if kind in VALUES:
        return VALUES[kind]
    return tuple(each for choice in reversed(get_args(kind)) for each in values(choice))


def plausible(kind: type[Any]) -> Any:
    """A step of this kind, with something in each field."""
    hints = get_type_hints(kind)
    return kind(**{field.name: values(hints[field.name])[1] for field in fields(kind)})


@pytest.mark.parametrize(("kind", "name"), CARRIED, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_another_value_is_shown_otherwise(kind: type[Any], name: str) -> None:
    hint = get_type_hints(kind)[name]
    found = ["\n".join(shown(replace(plausible(kind), **{name: value}), {})) for value in values(hint)]
    if is_secret(hint):
        assert [text.count("***") for text in found[-2:]] == [1, 1]
        assert not any("salt" in text or "sha512" in text for text in found)
    else:
        assert len(set(found)) == len(found) > 1


def test_what_most_plans_write_is_named() -> None:
    known = {"etc-fstab": "a\nb\n", "BootLoader-menu": "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"}
    assert [*shown(File("/etc/fstab", "a\nb\n"), known)] == ["write /etc/fstab (files/etc-fstab.txt, mode 644)"]
    other = [*shown(File("/etc/fstab", "a\nc\n", 0o600), known)]
    assert other == ["write /etc/fstab (2 lines, mode 600)", "  content:", "    | a", "    | c"]
    menu = known["BootLoader-menu"]
    step = BootLoader("/dev/vda", (), menu, "a\nb\n", "")
    assert "  menu: files/BootLoader-menu.txt" in shown(step, known)
    assert "  environment: files/etc-fstab.txt" in shown(step, known), "the same text is the same golden"
    text = [*shown(replace(step, menu=menu.replace("one", "1")), known)]
    assert text[1:5] == ["  menu: files/BootLoader-menu.txt, but for", "    < | one", "    > | 1", "      | two"]


def test_a_short_name_beside_others_is_not_taken_for_told() -> None:
    step = Volumes("/dev/vda", ("/dev/vda",), 1, 2, (("Swap", 1),), identities=(("/dev/vda", "serial a"),))
    assert "  identities: /dev/vda serial a" in shown(step, {})


def test_a_text_is_whole() -> None:
    assert whole("a\n\n b\tc\n") == ["| a", "|", "|  b␉c"]
    assert whole("a\nb") == ["| a", "| b", NO_NEWLINE]
    words = "  linux " + "  ".join(f"word{number}=value" for number in range(9))
    assert whole(f"{words}\n")[:4] == ["|   linux", "+ word0=value", "+ ", "+ word1=value"]
    assert folded("a b", "x: ", "  ") == ["x: a b"]

"""How the kernel line says how a node is tuned, and whether its swap is encrypted."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.features.parameter import (
    BOOLEAN,
    Grammar,
    Outcome,
    Parameter,
    Put,
    Refused,
    Said,
    Word,
    Wrong,
    flag,
    plain,
    value,
)
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig
from ovirt_tui.model.problems import Kind
from ovirt_tui.model.values import PageCount, ProfileName
from ovirt_tui.pages.performance.settings import Cipher, Performance

SUBJECT = "performance"
NO_PROFILE = Kind("no-profile", N_("not the name of a profile"))
OFF = "off"
NONE = ("None", OFF)


def profile(text: str) -> str:
    """The name of a profile; "off" for None and off."""
    if text in NONE:
        return OFF
    found: Grammar = value(ProfileName, NO_PROFILE)
    return found(text)  # type: ignore[no-any-return]


VOLUMES = ("Swap", "Swap2")
USUAL = Cipher.CBC.value
"""The cipher of a word that names none: what such a line has said since there is the word."""
NO_SWAP = Kind("no-swap-volume", N_("unknown volume {name}"))
CIPHERS = Kind("several-ciphers", N_("more than one cipher for {name}"))
SWAP_TWICE = Kind("swap-volume-twice", N_("{name} given twice"))


def swap_encrypt(text: str) -> dict[str, str]:
    """Swap volumes to encrypt, each with a cipher."""
    ciphers: dict[str, str] = {}
    for part in text.split(";"):
        volume, *rest = part.split(",")
        if volume not in VOLUMES:
            raise Refused(NO_SWAP(name=repr(volume)))
        if len(rest) > 1:
            raise Refused(CIPHERS(name=volume))
        if volume in ciphers:
            raise Refused(SWAP_TWICE(name=volume))
        ciphers[volume] = rest[0] if rest and rest[0] else USUAL
    return ciphers


TUNED = Word(
    name="tuned",
    subject=SUBJECT,
    grammar=profile,
    form=N_("a profile, None or off"),
    help=N_("Profile of tuned. None and off: tuned does not run, as without the word."),
    example="virtual-host",
    fills=("performance.profile",),
)
PAGES_2M = Word(
    name="hugepages_2m",
    subject=SUBJECT,
    grammar=value(PageCount),
    form=N_("a number of pages"),
    help=N_("Huge pages of 2 MiB that are reserved for guests."),
    example="512",
    fills=("performance.pages_2m",),
)
PAGES_1G = Word(
    name="hugepages_1g",
    subject=SUBJECT,
    grammar=value(PageCount),
    form=N_("a number of pages"),
    help=N_("Huge pages of 1 GiB that are reserved for guests."),
    example="16",
    fills=("performance.pages_1g",),
)
SWAP = Word(
    name="swap_encrypt",
    also=("ovirt_swap_encrypt",),
    subject=SUBJECT,
    grammar=swap_encrypt,
    form=N_("Swap[,CIPHER][;Swap2[,CIPHER]]"),
    help=N_(
        "Encrypts swap with a random key, a new one at each boot. The ciphers are aes-xts-plain64, "
        "aes-cbc-essiv:sha256, which is meant where none is named, and serpent-cbc-essiv:sha256. Swap and Swap2 are "
        "encrypted together and by one cipher, whichever of them is named."
    ),
    example="Swap,aes-xts-plain64",
    fills=("performance.encrypt_swap", "performance.swap_cipher"),
)
NO_AES_NI = Word(
    name="disable_aes_ni",
    subject=SUBJECT,
    grammar=flag,
    form=BOOLEAN,
    help=N_(
        "Services that encrypt by OpenSSL, SSH among them, do without the processor's AES instructions. The kernel and "
        "guests do too with the kernel's own clearcpuid=aes, which is kept for the installed system."
    ),
    example="yes",
    bare="yes",
    fills=("performance.no_aes_ni",),
)
NO_CIPHER = Kind("no-such-cipher", N_("unknown cipher {name}; there are {ciphers}"))
ONE_CIPHER = Kind("one-cipher-for-swap", N_("Swap and Swap2 have one cipher, not {ciphers}"))
NO_SECOND_SWAP = Kind("no-second-swap", N_("Swap2 is not being created"))


def agree_on_swap(said: Said) -> Iterator[Wrong]:
    if "Swap2" in said.get(SWAP.name, {}) and not said.get("storage_vol", {}).get("swap2"):
        yield Wrong(SWAP.name, NO_SECOND_SWAP())


def later_swap(said: Said) -> Iterator[Wrong]:
    known = [each.value for each in Cipher]
    chosen = dict.fromkeys(said.get(SWAP.name, {}).values())
    for cipher in chosen:
        if cipher not in known:
            yield Wrong(SWAP.name, NO_CIPHER(name=cipher, ciphers=", ".join(known)))
    if len(chosen) > 1:
        yield Wrong(SWAP.name, ONE_CIPHER(ciphers=", ".join(chosen)))


def read_swap(said: Said, facts: Facts) -> Iterator[Outcome]:
    cipher = next(iter(said[SWAP.name].values()))
    if cipher in [each.value for each in Cipher]:
        yield Put("performance.encrypt_swap", True)
        yield Put("performance.swap_cipher", Cipher(cipher))


def write_swap(config: NodeConfig) -> Iterator[tuple[str, str]]:
    if config[Performance].encrypt_swap:
        yield SWAP.name, f"Swap,{config[Performance].swap_cipher.value}"


def read_profile(said: Said, facts: Facts) -> Iterator[Outcome]:
    name = said[TUNED.name]
    yield Put("performance.profile", None if name == OFF else name)


def write_profile(config: NodeConfig) -> Iterator[tuple[str, str]]:
    if name := config[Performance].profile:
        yield TUNED.name, name


PARAMETERS = (
    Parameter(words=(TUNED,), read=read_profile, write=write_profile),
    plain("performance.pages_2m", PAGES_2M),
    plain("performance.pages_1g", PAGES_1G),
    Parameter(words=(SWAP,), agree=agree_on_swap, later=later_swap, read=read_swap, write=write_swap),
    plain("performance.no_aes_ni", NO_AES_NI),
)

"""Performance as a feature: a profile of tuned, huge pages, and encryption of what is swapped out."""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.distro import Distro
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, Strange, content, observed, statements
from ovirt_tui.features.parameter import Put
from ovirt_tui.i18n import N_
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import Resolved
from ovirt_tui.model.problems import Kind, Problem
from ovirt_tui.pages.performance.settings import Performance
from ovirt_tui.pages.performance.words import PARAMETERS
from ovirt_tui.system import Reader, Step

ACTIVE, MODE = "/etc/tuned/active_profile", "/etc/tuned/profile_mode"
"""What tuned keeps of the profile that was chosen, and that it was, by hand."""
HUGE_PAGES = "/etc/ovirt-node/hugepages"
SWAP = "/etc/ovirt-node/swap"
OPENSSL = "/etc/ovirt-node/openssl"
NO_AES_NI = "OPENSSL_ia32cap=~0x200000200000000"
"""Takes two bits away from what OpenSSL finds of the processor: AES-NI (57) and PCLMULQDQ (33), OPENSSL_ia32cap(3)."""
GIB, LARGE, SMALL = 1024, 1024, 2
LEAST_LEFT, SHARE_LEFT = 512, 20
"""MiB that stay for the node itself and for guests without huge pages, and which part of the memory at least."""
NO_PROFILE = Kind("no-such-profile", N_("there is no profile {name}; there is, for example, {near}"))
NO_LARGE_PAGES = Kind("no-huge-pages-of-size", N_("this processor has no pages of {mib} MiB"))
TOO_MANY_PAGES = Kind(
    "too-many-huge-pages", N_("{mib} MiB of huge pages are too many: this machine has {memory} MiB, at most {most} fit")
)


def profile_exists(config: Resolved, facts: Facts) -> Iterator[Problem]:
    name, known = config[Performance].profile, [each.name for each in facts.profiles]
    if name and known and name not in known:
        from difflib import get_close_matches  # only here: few names are wrong

        near = get_close_matches(name, known) or known[-1:]
        yield Problem("performance.profile", NO_PROFILE(name=name, near=", ".join(near)))


def pages_fit(config: Resolved, facts: Facts) -> Iterator[Problem]:
    wanted = {"pages_2m": SMALL, "pages_1g": LARGE}
    chosen = {name: size * (getattr(config[Performance], name) or 0) for name, size in wanted.items()}
    for name, mib in chosen.items():
        if mib and facts.huge_pages and wanted[name] not in facts.huge_pages:
            yield Problem(f"performance.{name}", NO_LARGE_PAGES(mib=wanted[name]))
    most = max(0, facts.memory_mib - max(LEAST_LEFT, facts.memory_mib // SHARE_LEFT))
    if (mib := sum(chosen.values())) > most:
        name = max(chosen, key=lambda each: chosen[each])
        yield Problem(f"performance.{name}", TOO_MANY_PAGES(mib=mib, memory=facts.memory_mib, most=most))


def observe_profile(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    yield observed(Performance, "profile", (content(reader, ACTIVE) or "").strip(), ACTIVE)


@action(N_("Choosing a profile of tuned"), observe=observe_profile)
def tuned(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File, Restart

    if name := config[Performance].profile:
        yield File(ACTIVE, f"{name}\n")
        yield File(MODE, "manual\n")
        yield Restart("tuned.service")


def _said(reader: Reader, file: str) -> dict[str, str]:
    """The assignments in *file*, one of our own."""
    return dict(line.partition("=")[::2] for line in statements(content(reader, file) or ""))


def observe_pages(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    said = _said(reader, HUGE_PAGES)
    yield observed(Performance, "pages_2m", said.get("PAGES_2M", ""), HUGE_PAGES)
    yield observed(Performance, "pages_1g", said.get("PAGES_1G", ""), HUGE_PAGES)


@action(N_("Reserving huge pages"), observe=observe_pages)
def huge_pages(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File, Restart

    chosen = config[Performance]
    pages = {"PAGES_2M": chosen.pages_2m, "PAGES_1G": chosen.pages_1g}
    if any(pages.values()):
        yield File(HUGE_PAGES, "".join(f"{name}={count}\n" for name, count in pages.items() if count))
        yield Restart("ovirt-node-hugepages.service")


def observe_swap(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    text = content(reader, SWAP)
    yield Put("performance.encrypt_swap", text is not None)
    if text is not None:
        yield observed(Performance, "swap_cipher", _said(reader, SWAP).get("CIPHER", ""), SWAP)


@action(N_("Encrypting swap"), observe=observe_swap)
def swap(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    from ovirt_tui.system.steps import File, Restart

    if config[Performance].encrypt_swap:
        yield File(SWAP, f"CIPHER={config[Performance].swap_cipher.value}\n")
        yield Restart("ovirt-node-swap.service")
        yield Restart("ovirt-node-swap2.service")  # has a condition: there may be no Swap2


def observe_aes(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    said = statements(content(reader, OPENSSL) or "")
    if said in ((), (NO_AES_NI,)):
        yield Put("performance.no_aes_ni", bool(said))
    else:
        yield Strange("performance.no_aes_ni", OPENSSL)


@action(N_("Setting how services use the processor for AES"), observe=observe_aes)
def aes(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    """Every service reads this file as it starts (image/overlay/usr/lib/systemd/system/service.d)."""
    from ovirt_tui.system.steps import File, Restart

    if config[Performance].no_aes_ni:
        yield File(OPENSSL, f"{NO_AES_NI}\n")
        yield Restart("ssh.service")


FEATURE = Feature(
    section=Performance,
    parameters=PARAMETERS,
    pages_in=("ovirt_tui.pages.performance.page",),
    rules=(profile_exists, pages_fit),
    actions=(tuned, huge_pages, swap, aes),
)

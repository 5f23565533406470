"""The mirrors of Debian's packages: those that apt uses on the build machine, or those of MIRROR."""

from __future__ import annotations

from image.stage import BuildError, run

COMPONENTS = "main non-free-firmware"
"""Non-free packages are for firmware and microcode only; packages/firmware.list names them."""

_ARCHIVE, _SECURITY = "Debian", "Debian-Security"
_TARGETS = ("apt-get", "indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)", "Created-By: Packages")
_REMEDY = "name them: make iso MIRROR='URL-OF-DEBIAN URL-OF-DEBIAN-SECURITY'"


def sources(suite: str, given: str) -> list[str]:
    """The source lines of *suite*; *given* has up to two URLs, of the archive and of its security updates."""
    words = given.split()
    if len(words) > 2:
        raise BuildError(f"MIRROR has more than two addresses; {_REMEDY}")
    found = dict(zip((_ARCHIVE, _SECURITY), words, strict=False))
    if len(words) < 2:
        found = {**_of_this_machine(), **found}
    return lines(suite, found)


def lines(suite: str, found: dict[str, str]) -> list[str]:
    """The source lines for the mirrors *found*, by apt's label."""
    for label, what in ((_ARCHIVE, "packages"), (_SECURITY, "security updates")):
        if label not in found:
            raise BuildError(f"apt on this machine knows no mirror of Debian's {what}; {_REMEDY}")
    archive, security = (found[label].rstrip("/") for label in (_ARCHIVE, _SECURITY))
    return [
        f"deb {archive} {suite} {COMPONENTS}",
        f"deb {archive} {suite}-updates {COMPONENTS}",
        f"deb {security} {suite}-security {COMPONENTS}",
    ]


def debian_mirrors(targets: str) -> dict[str, str]:
    """The first mirror of each of Debian's own archives in the output of `apt-get indextargets`; discs do not count."""
    found: dict[str, str] = {}
    for origin, label, address in (line.split("|") for line in targets.splitlines() if line.count("|") == 2):
        if origin == "Debian" and label in (_ARCHIVE, _SECURITY) and not address.startswith("cdrom:"):
            found.setdefault(label, address)
    return found


def _of_this_machine() -> dict[str, str]:
    """The mirrors that apt knows, from any format of sources; its lists are fetched if there are none yet."""
    found = debian_mirrors(run(_TARGETS, timeout=60))
    if len(found) < 2:
        run(["apt-get", "-qq", "update"], timeout=600)
        found = debian_mirrors(run(_TARGETS, timeout=60))
    return found

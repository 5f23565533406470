"""Runs test vectors: kernel lines, validators, behaviour.  python3 tests/vectors.py FILE..."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE), str(HERE.parent / "plugins/snmp")]

import node_snmp

from ovirt_tui.autoinstall import request
from ovirt_tui.autoinstall.cmdline import Reading, read
from ovirt_tui.autoinstall.coming import BROUGHT
from ovirt_tui.autoinstall.parameters import WORDS
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.order import defaults
from ovirt_tui.features.parameter import UNKNOWN_VALUE, Grammar, Refused, is_a, number, option
from ovirt_tui.features.servers import number_of_port
from ovirt_tui.machine.facts import Disk, Facts, Nic
from ovirt_tui.model import tokens
from ovirt_tui.model.network import Account, DomainName, Hostname, IscsiName, Netmask, PrefixLength, Url, VlanId
from ovirt_tui.model.values import parse
from ovirt_tui.pages.network import interface
from ovirt_tui.pages.storage.checks import sizes_fit
from ovirt_tui.pages.storage.named import named
from ovirt_tui.pages.storage.sizing import swap_default
from vector_keys import keys, normal, resolved

Case = dict[str, Any]
ANY_IP = IPv4Address | IPv6Address
ABSENT = {"flag.standalone": True}  # what an absent key stands for


class NotCovered(Exception):
    """A case about something that this version does not have.  Says which group."""


@dataclass(frozen=True)
class Failure:
    """A case that did not come out as it should."""

    name: str
    text: str


def run(path: Path) -> tuple[int, list[Failure], Counter[str]]:
    """Run all cases of a file; return how many passed, those that failed, and those not covered by group."""
    cases = json.loads(path.read_text())
    if not isinstance(cases, list):
        return 0, [], Counter()
    fixtures = _fixtures(path)
    passed, failed, skipped = 0, list[Failure](), Counter[str]()
    for index, case in enumerate(cases):
        try:
            wrong = check(case, fixtures)
        except NotCovered as group:
            skipped[str(group)] += 1
            continue
        if wrong:
            failed.append(Failure(name(case, index), wrong))
        else:
            passed += 1
    return passed, failed, skipped


def name(case: Case, index: int) -> str:
    """What to call a case."""
    return str(case.get("id") or f"{case.get('validator') or case.get('group')}[{index}]")


def check(case: Case, fixtures: dict[str, Facts]) -> str:
    """Run one case of any format; return what is wrong, or nothing."""
    if "cmdline" in case:
        return check_line(case, fixtures)
    if "validator" in case:
        return check_validator(case)
    return check_behaviour(case)


def check_line(case: Case, fixtures: dict[str, Facts]) -> str:
    """A kernel line up to the stage that the case names."""
    known = {name for word in WORDS for name in word.names}
    for name in re.findall("|".join(BROUGHT), case["cmdline"]):
        if name not in known:  # the plug-in is not installed
            raise NotCovered(name)
    reading = read(case["cmdline"], agree=case["stage"] != "parse")
    if case["stage"] == "parse":  # where the vectors see whether the words of an address are complete
        for outcome in interface.agree(reading.said):
            reading.hear(outcome)
    else:
        for wrong in request.complete(reading.said):
            reading.hear(wrong)
    found = resolved(reading, fixtures[case["fixture"]]) if case["stage"] == "resolve" else {}
    return _compare(case, reading, found)


def _compare(case: Case, reading: Reading, found: Case) -> str:
    said = [str(complaint) for complaint in reading.complaints]
    if "error" in case:
        return "" if any(text.startswith(case["error"]) for text in said) else f"{case['error']!r} not in {said}"
    if said:
        return f"refused: {said}"
    said_keys = {**keys(reading), **found}
    got = {key: normal(said_keys.get(key, ABSENT.get(key))) for key in case["expect"]}
    wrong = {key: got[key] for key, value in case["expect"].items() if got[key] != value}
    return f"expected {case['expect']}, got {wrong}" if wrong else ""


def is_account(text: str, *, ipv6: bool) -> bool:
    """USER@HOST; with *ipv6*, the host may be an address without brackets."""
    user, _at, host = text.partition("@")
    return is_a(Account, text) or (ipv6 and is_a(IPv6Address, host) and is_a(Account, f"{user}@[{host}]"))


def _fixtures(path: Path) -> dict[str, Facts]:
    """Machines described in a file beside the cases; a disk whose size is not told has none."""
    beside = path.with_name(f"{path.stem}_meta.json")
    described = json.loads(beside.read_text())["fixtures"] if beside.exists() else {}
    return {key: _machine(value) for key, value in described.items()}


def _machine(fixture: Case) -> Facts:
    live = fixture.get("live_medium")
    return Facts(
        nics=tuple(Nic(name=key, mac=nic["mac"], link=nic["carrier"]) for key, nic in fixture["nics"].items()),
        disks=tuple(
            Disk(
                path=key,
                mib=disk.get("mib") or 0,
                bus=disk["bus"] or "",
                serial=disk["serial"] or "",
                live=key == live,
            )
            for key, disk in fixture["disks"].items()
        ),
    )


def accepts(grammar: Grammar) -> Callable[[str], bool]:
    """A grammar as a yes or no."""

    def validator(text: str) -> bool:
        try:
            grammar(text)
        except Refused:
            return False
        return True

    return validator


def typed(kind: Any) -> Callable[[str], bool]:
    """A type as a yes or no."""
    return lambda text: is_a(kind, text)


def setting(path: str) -> Callable[[str], bool]:
    """What the field of a setting accepts."""
    return typed(defaults().setting(path).type)


def size(path: str) -> Callable[[str], bool]:
    """What the field of a size accepts, with the rule for sizes."""

    def validator(text: str) -> bool:
        draft = Draft(Facts(), defaults(), (sizes_fit,))
        draft.put(path, text)
        return not draft.problems()

    return validator


def parameter(name: str) -> Callable[[str], bool]:
    """What the value of a parameter may be."""
    brought = [param for each in node_snmp.PARAMETERS for param in each.words]
    return accepts(next(param.grammar for param in (*WORDS, *brought) if name in param.names))


def _address(args: Case) -> Any:
    return ANY_IP if args.get("allow_ipv6", True) else IPv4Address


def _bounds(args: Case) -> range | None:
    if "exactly" in args:
        return range(args["exactly"], args["exactly"] + 1)
    low, high = args.get("bounds", (None, None))
    return None if low is None else range(low, high + 1 if high is not None else 2**62)


def _ports(args: Case) -> range:
    if "value" in args:
        return range(args["value"], args["value"] + 1)
    return range(1024 if args.get("exclude_reserved") else 1, 65536)


VALIDATORS: dict[str, Callable[[Case], Callable[[str], bool]]] = {
    "FQDN": lambda args: typed(DomainName),
    "FQDNLength": lambda args: typed(DomainName),
    "HostnameLength": lambda args: typed(Hostname),
    "FQDNOrIPAddress": lambda args: typed(_address(args) | Hostname),
    "IPAddress": lambda args: typed(_address(args)),
    "IPv4Address": lambda args: typed(IPv4Address),
    "IPv4Netmask": lambda args: typed(Netmask),
    "IPv6Address": lambda args: typed(IPv6Address),
    "IPv6Netmask": lambda args: typed(PrefixLength),
    "IQN": lambda args: typed(IscsiName),
    "NFSAddress": lambda args: parameter("kdump_nfs"),
    "Number": lambda args: accepts(number(_bounds(args) or range(-(2**62), 2**62))),
    "Options": lambda args: accepts(option(tuple(args["options"]), UNKNOWN_VALUE)),
    "Port": lambda args: accepts(lambda text: number_of_port(text, _ports(args))),
    "SSHAddress": lambda args: lambda text: is_account(text, ipv6=args.get("allow_ipv6", True)),
    "SnmpPassword": lambda args: parameter("snmp_password"),
    "URL": lambda args: typed(Url),
    "page.installer.config_mb": lambda args: size("storage.config"),
    "page.installer.data_mb": lambda args: size("storage.data"),
    "page.installer.logging_mb": lambda args: size("storage.logging"),
    "page.installer.swap_mb": lambda args: size("storage.swap"),
    "page.kdump.nfs": lambda args: parameter("kdump_nfs"),
    "page.kdump.ssh": lambda args: parameter("kdump_ssh"),
    "page.network.dns": lambda args: setting("network.dns"),
    "page.network.hostname": lambda args: setting("network.hostname"),
    "page.network.ipv4_address": lambda args: typed(IPv4Address),
    "page.network.ipv6_prefix": lambda args: typed(PrefixLength),
    "page.network.ntp": lambda args: setting("network.ntp"),
    "page.network.vlanid": lambda args: setting("network.vlan"),
    "page.storage.iqn": lambda args: parameter("iscsi_name"),
    "page.storage.nfsv4_domain": lambda args: parameter("nfsv4_domain"),
    "page.security.rng_bytes": lambda args: parameter("use_strong_rng"),
    "legacy.is_valid_hostname": lambda args: typed(Hostname),
    "legacy.is_valid_ipv4": lambda args: typed(IPv4Address),
    "legacy.is_valid_ipv6": lambda args: typed(IPv6Address),
    "legacy.is_valid_url": lambda args: typed(Url),
    "legacy.logrotate_kb": lambda args: parameter("logrotate_max_size"),
    "legacy.vlanid": lambda args: typed(VlanId),
}
"""Each validator as what does its work here, by the arguments of the case."""


def check_validator(case: Case) -> str:
    """A text that a validator accepts or not; where the original was wrong, what was recommended counts."""
    if case["validator"] not in VALIDATORS:
        raise NotCovered(case["validator"])
    wanted = case.get("recommended_ok", case["ok"])
    text = case["input"]
    fits = VALIDATORS[case["validator"]](case.get("args") or {})(text if isinstance(text, str) else repr(text))
    return "" if fits == wanted else f"{text!r}: expected {wanted}, got {fits}"


def _disjoint(value: Case) -> bool:
    lists = ([disk.removeprefix("/dev/") for disk in value[key]] for key in ("hostvg", "appvg"))
    return accepts(named)(";".join(",".join(f"/dev/{disk}" for disk in disks) for disks in lists))


def _true(value: Any) -> bool:
    return is_a(bool, str(value)) and bool(parse(bool, str(value)))


BEHAVIOUR: dict[str, Callable[[Any], Any]] = {
    "swap_default_mb": lambda value: swap_default(value["mem_total_mb"], value["overcommit"]),
    "parse_bool": _true,
    "cmdline_is_reinstall": lambda value: bool(read(value).said.get("reinstall")),
    "cmdline_parse": lambda value: {word.name: word.value or word.name for word in tokens.split(value)},
    "hostvg_appvg_disjoint": _disjoint,
}
"""Each group as what does its work here."""


def check_behaviour(case: Case) -> str:
    """An input with what comes out."""
    if case["group"] not in BEHAVIOUR:
        raise NotCovered(case["group"])
    got = BEHAVIOUR[case["group"]](case["input"])
    return "" if got == case["expect"] else f"{case['input']!r}: expected {case['expect']!r}, got {got!r}"


def report(paths: list[Path]) -> Iterator[str]:
    """The lines to print, the last of them the counts."""
    passed = failed = 0
    skipped = Counter[str]()
    for path in paths:
        well, badly, left = run(path)
        passed, failed, skipped = passed + well, failed + len(badly), skipped + left
        yield from (f"{path.name}: {failure.name}: {failure.text}" for failure in badly)
    yield from (f"not covered: {group} ({count})" for group, count in sorted(skipped.items()))
    yield f"{passed} passed, {failed} failed"


def main(paths: list[str]) -> int:
    """Run the files and return 1 when a case failed."""
    lines = list(report([Path(path) for path in paths]))
    print("\n".join(lines))
    return 0 if lines[-1].endswith(" 0 failed") else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

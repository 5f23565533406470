"""Prints the servers that the DNS names for a service (SRV records, RFC 2782), as JSON on standard output.

Runs as a separate process and imports nothing of ours: the resolver has no limit of time, a process has one.  It looks
in the domains that the resolver searches, as /etc/resolv.conf and the name of this host say.  Who answers may be
anybody: every number of the answer is checked, and names are read by the resolver's own function.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from struct import error, unpack_from

PROGRAM = (sys.executable, "-P", __file__)
"""Prints [TARGET, PORT] of each server of the service whose name comes after this, best first."""
IN, SRV = 1, 33  # class and type of a record
HEADER, FIXED = 12, 10  # bytes before the first question, and between the name of a record and its data
MOST, NAME = 65535, 1025  # bytes of an answer, and of a name as text
NO_SUCH_NAME, NO_SUCH_RECORD = 1, 4  # h_errno


def asked(service: str) -> bytes:
    """The answer of the DNS, empty where it knows no such service; OSError when it does not answer."""
    os.environ["RES_OPTIONS"] = "timeout:2 attempts:2"
    library = ctypes.CDLL(None)
    answer = ctypes.create_string_buffer(MOST)
    length = library.res_search(service.encode(), IN, SRV, answer, MOST)
    if length < 0:
        library.__h_errno_location.restype = ctypes.POINTER(ctypes.c_int)
        if library.__h_errno_location()[0] in (NO_SUCH_NAME, NO_SUCH_RECORD):
            return b""
        raise OSError("the DNS does not answer")
    return answer.raw[: min(length, MOST)]


def records(answer: bytes) -> Iterator[tuple[int, int, int, str]]:
    """Priority, weight, port and target of each SRV record; ValueError when the answer is none."""
    if not answer:
        return
    questions, count = unpack_from(">HH", answer, 4)
    at = HEADER
    for _question in range(questions):
        at = _name(answer, at)[1] + 4
    for _record in range(count):
        at = _name(answer, at)[1]
        kind, of, _seconds, length = unpack_from(">HHIH", answer, at)
        at += FIXED
        if (kind, of) == (SRV, IN):
            priority, weight, port = unpack_from(">HHH", answer, at)
            yield priority, weight, port, _name(answer, at + 6)[0]
        at += length


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """The name that begins at *at*, and where it ends there."""
    if at >= len(answer):
        raise ValueError("the answer of the DNS ends too early")
    text = ctypes.create_string_buffer(NAME)
    whole = ctypes.create_string_buffer(answer, len(answer))
    first = ctypes.addressof(whole)
    places = [ctypes.c_void_p(first + offset) for offset in (0, len(answer), at)]
    used = ctypes.CDLL(None).dn_expand(*places, text, NAME)
    if used < 0:
        raise ValueError("the answer of the DNS holds no name where one has to be")
    return text.value.decode("ascii", "replace"), at + used


def main(service: str) -> int:
    """Print the servers of *service*; return 1, with the reason on standard error, when the DNS is of no use."""
    try:
        found = sorted(records(asked(service)), key=lambda each: (each[0], -each[1]))
    except (OSError, ValueError) as why:
        print(why, file=sys.stderr)
        return 1
    except error:
        print("the answer of the DNS ends too early", file=sys.stderr)
        return 1
    print(json.dumps([[target, port] for _priority, _weight, port, target in found if target and port]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

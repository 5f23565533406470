"""How the program that speaks with an oVirt Engine, or a management server, is called."""

from __future__ import annotations

import json
import sys
from pathlib import Path

CLIENT = Path(__file__).with_name("engine_client.py")


def call(do: str, server: object, port: int, **more: object) -> tuple[str, ...]:
    """The argv that has the client *do* something; it prints JSON within its own limit of time."""
    name = str(server).removesuffix(".")  # which means the same to the DNS, and is in no certificate
    request = {"do": do, "server": name, "port": int(port), **more}
    return (sys.executable, "-P", str(CLIENT), json.dumps(request))

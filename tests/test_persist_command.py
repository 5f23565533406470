"""The commands persist, unpersist and persisted: what they print, and their exit statuses."""

from __future__ import annotations

import json

import pytest

from json_schema import wrong
from machines import PLAIN
from ovirt_tui.__main__ import main
from ovirt_tui.machine.lasting import By, Change, Kept, Lasting, Way
from ovirt_tui.model.records import replace
from ovirt_tui.reference.schema import DOCUMENTS, schema
from ovirt_tui.system.fake import FakeSystem

NODE = replace(PLAIN, slot="Root")
LASTS = Lasting(
    kept=(Kept(folder="/etc", by=By.IMAGE, size=12), Kept(folder="/var/log", by=By.VOLUME)),
    changes=(Change(path="/etc/a\x1b[2J\n", way=Way.ADDED, size=12), Change(path="/etc/b", way=Way.REMOVED)),
    lost=(Change(path="/srv/c", way=Way.CHANGED, size=3 << 20),),
    more_lost=7,
    room=100 << 20,
    free=(60 << 20) + 1,
)
TOLD = """\
What lasts:
  /etc: always lasts; 12 bytes differ from the image
  /var/log: a volume of its own: all of it lasts
60 MiB of 100 MiB are free on the volume Config

What differs from the image, and lasts:
  added /etc/a\\x1b[2J\\x0a (12 bytes)
  removed /etc/b

What the next restart takes away, since nothing keeps the folders it is in:
  changed /srv/c (3 MiB)
  and 7 more
"""


def test_the_command_tells_what_lasts(capsys: pytest.CaptureFixture[str]) -> None:
    system = FakeSystem(NODE, lasts=LASTS)
    assert main(["persisted"], lambda: system) == 0
    assert capsys.readouterr().out == TOLD
    assert main(["persisted", "--json"], lambda: system) == 0
    said = json.loads(capsys.readouterr().out)
    assert wrong(said, schema(DOCUMENTS["persisted"])) == []
    assert said["changes"][0] == {"path": "/etc/a\\x1b[2J\\x0a", "way": "added", "size": 12}


def test_the_commands_do_what_they_can_and_say_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    system = FakeSystem(NODE)
    assert main(["persist", "/opt/x", "/srv/no", "/opt/y"], lambda: system) == 1
    said = capsys.readouterr()
    assert said.out == "".join(
        f"/opt/{name} is kept from now on, with all that is changed in it (0 bytes now)\n" for name in "xy"
    )
    assert said.err == "/srv/no cannot be kept\n"
    assert [each.folder for each in system.lasts.kept] == ["/opt/x", "/opt/y"] and "/opt/y is kept" in system.lines[-1]
    for argv, status in ((["persist", "/opt/x", "/srv/no"], 1), (["unpersist", "/opt/x"], 0)):
        assert main([*argv, "--json"], lambda: system) == status
        found = json.loads(capsys.readouterr().out)
        assert wrong(found, schema(DOCUMENTS[argv[0]])) == []
        assert found["paths"][0]["changed"] == (argv[0] == "unpersist") and len(found["problems"]) == status
    assert [each.folder for each in system.lasts.kept] == ["/opt/y"]


@pytest.mark.parametrize("argv", [["persist", "/opt/x"], ["unpersist", "/opt/x"], ["persisted"]])
def test_only_a_node_keeps_anything(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv, lambda: FakeSystem(PLAIN)) == 2
    assert capsys.readouterr().err == "ovirt-tui: this is no installed node\n"
    assert main([*argv, "--json"], lambda: FakeSystem(PLAIN)) == 2
    assert wrong(json.loads(capsys.readouterr().out), schema(DOCUMENTS[argv[0]])) == []

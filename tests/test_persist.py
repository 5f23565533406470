"""Folders that are kept, on a node with real overlays and a real Config, which is switched off and on."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from house import ROOT
from ovirt_tui.system.kept import decoded, encoded

HEAD = """
import json, os, subprocess, sys
from pathlib import Path
from ovirt_tui.cli import lasting_report
from ovirt_tui.system import StepFailed, copying, kept, lasting, mounts
mounts.INITRD = "/run/sysroot"

def do(what, path):
    try:
        done = what(path)
        say(lasting_report.sentence(done), *lasting_report.notes(done))
    except StepFailed as failure:
        say(f"refused: {failure}")

def say(*values):
    for value in values:
        print(json.dumps(value))

def free():
    there = os.statvfs("/config")
    return there.f_bavail, there.f_favail
"""


def node(*starts: str, mib: int = 64) -> list[object]:
    """What the scripts say, each in a start of the node."""
    argv = ("unshare", "--mount", str(ROOT / "tests/persist-node"), str(mib), *(HEAD + each for each in starts))
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [line if line.startswith("says: ") else json.loads(line) for line in done.stdout.splitlines()]


def test_a_folder_is_found_again_by_its_name_in_the_store() -> None:
    for folder in ("/opt/x", "/var/spool/cron/crontabs", "/opt/100%", "/opt/%2F", "/srv/%new-a b"):
        assert decoded(encoded(folder)) == folder and "/" not in encoded(folder)
    assert not encoded("/%new-x").startswith("%new-"), "nothing that is kept is taken for half written"


MADE = """
Path("/opt/x/sub").mkdir(parents=True)
Path("/opt/x/sub/f").write_text("one")
os.chown("/opt/x/sub/f", 1234, 5678)
os.chmod("/opt/x/sub/f", 0o640)
os.setxattr("/opt/x/sub/f", "user.note", b"kept")
os.symlink("//etc/./passwd", "/opt/x/link")
os.utime("/opt/x", ns=(1, 1_000_000_000))
Path("/opt/x/name\\n\\x1b[2J").touch()
do(kept.keep, "/opt/x/")
"""
LOOK = """
def look():
    known = os.stat("/opt/x/sub/f")
    note = os.getxattr("/opt/x/sub/f", "user.note").decode()
    say([
        known.st_uid, known.st_gid, oct(known.st_mode), note, os.readlink("/opt/x/link"), sorted(os.listdir("/opt/x")),
    ])
look()
"""
KEPT = "/opt/x is kept from now on, with all that is changed in it (3 bytes now)"


@pytest.mark.root
def test_a_folder_lasts_as_it_is_and_what_is_changed_in_it_afterwards() -> None:
    replaced = """
Path("/opt/x/new").write_text("by rename")
os.rename("/opt/x/new", "/opt/x/sub/f")
os.unlink("/opt/x/link")
"""
    first, one, two, text, names = node(
        MADE + LOOK, LOOK + replaced, "say(Path('/opt/x/sub/f').read_text(), sorted(os.listdir('/opt/x')))"
    )
    assert first == KEPT
    assert one == two == [1234, 5678, "0o100640", "kept", "//etc/./passwd", ["link", "name\n\x1b[2J", "sub"]]
    assert text == "by rename" and names == ["name\n\x1b[2J", "sub"]


@pytest.mark.root
def test_a_file_is_kept_with_its_folder_so_that_it_can_be_replaced() -> None:
    """A file of the image that is changed, one that is removed, and one replaced by what an editor wrote beside it."""
    said = node(
        """
Path("/usr/local/etc").mkdir(exist_ok=True)
Path("/usr/local/etc/a.conf").write_text("a")
do(kept.keep, "/usr/local/etc/a.conf")
do(kept.keep, "/usr/local/etc/a.conf")
Path("/usr/local/etc/.a.conf.swp").write_text("edited")
os.rename("/usr/local/etc/.a.conf.swp", "/usr/local/etc/a.conf")
Path("/usr/local/etc/b").write_text("b")
""",
        """
say(Path("/usr/local/etc/a.conf").read_text(), Path("/usr/local/etc/b").read_text())
do(kept.drop, "/usr/local/etc/a.conf")
os.unlink("/usr/local/etc/b")
do(kept.drop, "/usr/local/etc/a.conf")
say(Path("/usr/local/etc/a.conf").read_text())
""",
        "say(os.path.exists('/usr/local/etc/a.conf'))",
    )
    kept = "/usr/local/etc/a.conf is kept from now on, with its folder /usr/local/etc and all that is changed in it"
    assert said[:4] == [
        f"{kept} (1 bytes now)",
        "/usr/local/etc/a.conf already lasts: /usr/local/etc is kept",
        "edited",
        "b",
    ]
    assert "and so is more in it; unpersist /usr/local/etc to end it for all" in str(said[4])
    assert said[5] == "/usr/local/etc is no longer kept: the next restart takes away what differs in it from the image"
    assert said[6:] == ["edited", False], "nothing goes before the restart"


@pytest.mark.root
def test_what_the_image_has_in_a_folder_and_was_changed_or_removed_stays_so() -> None:
    said = node(
        """
assert Path("/var/lib/dpkg/status").exists()
Path("/var/lib/dpkg/status").write_text("mine")
names = sorted(os.listdir("/var/lib/dpkg"))
other = next(name for name in names if name not in ("status", "info") and Path("/var/lib/dpkg", name).is_file())
os.unlink(f"/var/lib/dpkg/{other}")
import shutil
shutil.rmtree("/var/lib/dpkg/info")
os.mkdir("/var/lib/dpkg/info")
Path("/var/lib/dpkg/info/only").touch()
say(sorted(os.listdir("/var/lib/dpkg")))
do(kept.keep, "/var/lib/dpkg")
""",
        """
say(sorted(os.listdir("/var/lib/dpkg")), os.listdir("/var/lib/dpkg/info"), Path("/var/lib/dpkg/status").read_text())
found = lasting.lasting()
say([[each.way, each.path] for each in found.changes if each.path.count("/") == 4][:20], len(found.changes) > 100)
""",
    )
    before, _kept, after, inside, text, changes, many = said
    assert before == after and inside == ["only"] and text == "mine"
    assert isinstance(changes, list) and ["changed", "/var/lib/dpkg/status"] in changes and many
    assert ["removed"] in [each[:1] for each in changes]


@pytest.mark.root
def test_what_is_dropped_is_gone_with_the_next_start_and_can_be_kept_again_until_then() -> None:
    again = node(MADE + "do(kept.drop, '/opt/x')\nPath('/opt/x/more').touch()\ndo(kept.keep, '/opt/x')", LOOK)
    assert again[1] == "/opt/x is no longer kept: the next restart takes away what differs in it from the image"
    assert again[2] == "/opt/x is kept from now on, with all that is changed in it (0 bytes now)"
    assert "more" in str(again[3])
    gone = node(
        MADE + "do(kept.drop, '/opt/x')\nsay([each.path for each in lasting.lasting().lost])",
        "say(os.path.exists('/opt/x'), [each.folder for each in lasting.lasting().kept])",
    )
    assert "/opt/x/sub/f" in str(gone[2]) and "/opt/x/name\\x0a\\x1b[2J" in str(gone[2]).replace("\\\\", "\\")
    assert gone[3:] == [False, ["/config", "/etc"]]


REFUSED = {
    "": "'' does not exist",
    "/opt/loop/x": "/opt/loop/x does not exist",
    "/nothing": "/nothing does not exist",
    "/": "/ cannot be kept: a file is kept with its folder, and the whole root is none; move it to one",
    "/proc/1": "/proc/1 cannot be kept: /proc is no part of the root that could be",
    "/run/x": "/run/x cannot be kept: /run is no part of the root that could be",
    "/config/overlay": "/config/overlay cannot be kept: /config is no part of the root that could be",
    "/dev/null": "/dev/null is a character device; files and folders can be kept",
    "/usr/bin": "/usr/bin cannot be kept: /usr/bin belongs to the image, and what is kept there would hide that of the "
    "next version; use /usr/local, /opt or /etc",
    "/opt/link": "/opt/link is a link to /etc/passwd; name that, or the folder that the link is in",
    "/srv/pipe": "/srv/pipe is a pipe; files and folders can be kept",
    "/srv": "/srv/pipe is a pipe; files and folders can be kept",
    "/opt": "/opt cannot be kept: /opt/kept in it is kept or mounted for itself; name the folders beside it",
    "/opt/kept/../kept": "/opt/kept already lasts: /opt/kept is kept",
    "/opt/a,b": '/opt/a,b cannot be kept: its name has a character that cannot be seen, or one of \\ , : "',
    "/opt/\x1b": '/opt/\\x1b cannot be kept: its name has a character that cannot be seen, or one of \\ , : "',
    "/opt/" + "x" * 220: f"/opt/{'x' * 220} cannot be kept: its path has more than 200 bytes",
    "/etc/passwd": "/etc/passwd already lasts, as all of /etc does",
    "/srv/many": "/srv/many has 7950 files, and Config has room for ",
    "/usr/big": "/usr/big needs 54 MiB on Config, where there is room for ",
}


@pytest.mark.root
def test_what_cannot_be_kept_is_refused_in_a_sentence_and_changes_nothing() -> None:
    said = node(
        f"""
for name in ("kept", "a,b", "\\x1b", "x" * 220):
    Path("/opt", name).mkdir()
Path("/run/x").touch()
Path("/usr/big").mkdir()
Path("/srv/many").mkdir()
for number in range(7950):
    Path("/srv/many", str(number)).touch()
Path("/usr/big/file").write_bytes(bytes(53 << 20))
os.symlink("/etc/passwd", "/opt/link")
os.symlink("loop", "/opt/loop")
os.chdir("/opt/a,b")
os.mkfifo("/srv/pipe")
do(kept.keep, "/opt/kept")
before = free()
for path in {list(REFUSED)!r}:
    do(kept.keep, path)
say(before == free(), os.listdir("/config/persisted"))
"""
    )
    told = [str(each).removeprefix("refused: ") for each in said[1:-2]]
    for path, line in zip(REFUSED, told, strict=True):
        wanted = REFUSED[path].replace("/opt/kept already", f"{path} already")
        assert line == wanted or (path in ("/usr/big", "/srv/many") and line.startswith(wanted)), line
    assert said[-2:] == [True, ["opt%2Fkept"]]


@pytest.mark.root
def test_a_config_that_gets_full_meanwhile_damages_nothing() -> None:
    said = node(
        """
Path("/opt/x").mkdir()
for number in range(3):
    Path("/opt/x", str(number)).write_bytes(bytes(1 << 20))
looked = kept._room
def fill(folder, found):
    looked(folder, found)
    with open("/config/settings-of-another", "wb") as file:
        left = os.statvfs("/config")
        file.write(bytes((left.f_bavail - 300) * left.f_frsize))
kept._room = fill
do(kept.keep, "/opt/x")
say(os.listdir("/config/persisted"), sorted(os.listdir("/opt/x")), kept.kept())
os.unlink("/config/settings-of-another")
kept._room = looked
do(kept.keep, "/opt/x")
""",
        "say(sorted(os.listdir('/opt/x')))",
        mib=16,
    )
    full = "refused: /opt/x could not be copied to Config: No space left on device"
    assert said[0] == full
    assert said[1:4] == [[], ["0", "1", "2"], []]
    assert said[4] == "/opt/x is kept from now on, with all that is changed in it (3 MiB now)" and said[5] == [
        "0",
        "1",
        "2",
    ]


@pytest.mark.root
def test_what_is_written_while_it_is_copied_is_not_lost() -> None:
    meanwhile = """
Path("/opt/x").mkdir()
Path("/opt/x/f").write_text("old")
copied, times = copying.copy, []
def late(top, found, upper):
    copied(top, found, upper)
    if len(times) < LIMIT:
        Path("/opt/x/f").write_text(f"new {len(times)}")
    times.append(1)
copying.copy = late
do(kept.keep, "/opt/x")
say(len(times), Path("/opt/x/f").read_text(), kept.kept())
"""
    assert node(meanwhile.replace("LIMIT", "2"))[1:] == [3, "new 1", ["/opt/x"]]
    said = node(meanwhile.replace("LIMIT", "9"))
    assert said == [
        "refused: /opt/x is being written to all the time; stop what does so, and try again",
        3,
        "new 2",
        [],
    ]


@pytest.mark.root
def test_a_power_cut_leaves_the_old_or_the_new() -> None:
    """At any point of the copy the store has nothing by the folder's name; what is half written is not mounted."""
    cut = MADE.replace('do(kept.keep, "/opt/x/")', "") + "kept.flush = lambda path: os._exit(0)\n"
    before = cut + "os.sync()\nkept.run = lambda *args, **kinds: os._exit(0)\ndo(kept.keep, '/opt/x')"
    assert node(before, "say(os.listdir('/config/persisted'), os.path.exists('/opt/x'))") == [["%new-opt%2Fx"], False]
    after = node(cut + "do(kept.keep, '/opt/x')", LOOK)
    assert after[0] == [1234, 5678, "0o100640", "kept", "//etc/./passwd", ["link", "name\n\x1b[2J", "sub"]]


@pytest.mark.root
def test_a_folder_of_the_root_whose_name_begins_with_a_dot_is_mounted_too() -> None:
    made = "for name in ('.x', '..y'):\n    Path('/', name).mkdir()\n    Path('/', name, 'f').write_text(name)\n"
    keep = "for name in ('.x', '..y'):\n    do(kept.keep, f'/{name}')"
    said = node(made + keep, "say([Path('/', name, 'f').read_text() for name in ('.x', '..y')])")
    assert said[-1] == [".x", "..y"] and all("is kept from now on" in str(each) for each in said[:2])


@pytest.mark.root
def test_the_start_says_what_it_cannot_mount_and_goes_on() -> None:
    said = node(
        "for name in ('a', 'b', 'c'):\n    Path('/opt', name).mkdir()\n    do(kept.keep, f'/opt/{name}')",
        "import shutil\nshutil.rmtree('/config/persisted/opt%2Fa/work')\n"
        "Path('/config/persisted/opt%2Fa/work').touch()\n"
        "os.rename('/config/persisted/opt%2Fb', '/config/persisted/etc%2Fapt')\n"
        "Path('/config/persisted/bin%2Fx').mkdir()",
        "say(kept.kept(), os.path.ismount('/opt/c'))\nsay(Path('/run/ovirt-node/config-missing').read_text())",
    )
    told = [each for each in said if str(each).startswith("says: ")]
    assert told[0] == "says: what was persisted in /bin/x is missing: a part of its path is a link in this image"
    assert told[1] == "says: what was persisted in /opt/a is missing: its overlay cannot be mounted"
    assert said[-2] is True and "/opt/a: its overlay cannot be mounted" in str(said[-1])


@pytest.mark.root
def test_who_still_writes_to_what_was_there_before_is_named() -> None:
    said = node(
        """
Path("/opt/x").mkdir()
Path("/opt/x/log").touch()
program = subprocess.Popen(["sleep", "60"], stdin=open("/opt/x/log"))
do(kept.keep, "/opt/x")
program.kill()
say(program.pid)
"""
    )
    text = "opened files in /opt/x before it was kept; what it writes to these is lost, so restart it"
    assert said[1] == f"note: sleep ({said[2]}) {text}"


@pytest.mark.root
def test_what_lasts_and_what_does_not_is_told() -> None:
    said = node(
        """
Path("/etc/added").write_text("12345")
os.rename("/etc/passwd", "/etc/passwd-old")
text = Path("/etc/hostname").read_text()
Path("/etc/hostname").write_text(text)
os.chmod("/etc/fstab", 0o600)
Path("/opt/lost").mkdir()
Path("/opt/lost/f\\u202e").touch()
Path("/var/tmp/x").touch()
found = lasting.lasting()
say([[each.way, each.path, each.size] for each in found.changes], [each.path for each in found.lost])
say([[each.folder, each.by] for each in found.kept], 40 << 20 < found.free < found.room)
"""
    )
    size = Path("/etc/passwd").stat().st_size
    assert said[0] == [
        ["added", "/etc/added", 5],
        ["changed", "/etc/fstab", Path("/etc/fstab").stat().st_size],
        ["removed", "/etc/passwd", 0],
        ["added", "/etc/passwd-old", size],
    ]
    assert said[1] == ["/opt/lost", "/opt/lost/f\\u202e"]
    assert said[2:] == [[["/config", "volume"], ["/etc", "image"]], True]

"""How the initrd puts dm-verity under the root: its hook, with programs that only say how they were called."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from image.verity import BLOCK, Verity

HOOK = Path(__file__).parent.parent / "image/dracut/90ovirt-node/verity.sh"
IMAGE = Verity("5e" * 32, 39_000)

FAKES = """
getargs() {{ for word in {line}; do case $word in "$1"*) echo "${{word#"$1"}}" ;; esac; done; }}
getarg() {{ getargs "$1" | grep . ; }}
getargbool() {{ for word in {line}; do [ "$word" = "$2" ] && return 0; done; return 1; }}
die() {{ echo "dies: $1"; exit; }}
modprobe() {{ :; }}
losetup() {{ case $1 in
    -f) echo /dev/loop7 ;;
    -n) echo /dev/loop0; echo /dev/loop7 ;;
    *) echo "losetup $*" ;;
esac; }}
dmsetup() {{ case $1 in
    create) echo "dmsetup $*: $(cat)"; [ -z "{wrong}" ] ;;
    *) echo "dmsetup $*" ;;
esac; }}
umount() {{ echo "umount $*"; }}
mount() {{ echo "mount $*"; }}
"""


def run(*words: str, wrong: str = "") -> list[str]:
    """What the hook does where the kernel line has *words*."""
    text = FAKES.format(line=" ".join(words), wrong=wrong) + HOOK.read_text()
    done = subprocess.run(("/bin/sh",), input=text, capture_output=True, text=True, timeout=30, check=False)
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


TABLE = f"0 {39_000 * 8} verity 1 /dev/loop7 /dev/loop7 {BLOCK} {BLOCK} 39000 39000 sha256 {IMAGE.root} -"


def test_the_root_of_a_node_is_checked_and_leaves_nothing_behind() -> None:
    assert run(*IMAGE.words(), "node.slot=Root") == [
        f"dmsetup create --readonly ovirt-node-image: {TABLE} 1 restart_on_corruption",
        "umount /run/rootfsbase",
        "losetup -d /dev/loop0",
        "losetup -d /dev/loop7",
        "mount -n -t squashfs -o ro /dev/mapper/ovirt-node-image /run/rootfsbase",
        "dmsetup remove --deferred ovirt-node-image",
    ]


@pytest.mark.parametrize("words", [(), ("node.slot=Root", "rescue"), ("node.slot=Root", "node.dump")])
def test_where_a_restart_would_end_in_the_same_place_a_file_cannot_be_read_instead(words: tuple[str, ...]) -> None:
    assert run(*IMAGE.words(), *words)[0].endswith(f": {TABLE}")


def test_an_image_that_tells_no_root_hash_starts_as_before() -> None:
    assert run("node.slot=Root") == []


DEAD = "dies: ovirt-node: the image is damaged, or is not the one that the kernel line names (node.verity)"


@pytest.mark.parametrize(
    "words",
    [
        ("node.verity=",),
        ("node.verity=" + "5e" * 31, "node.verity.blocks=1"),
        ("node.verity=" + "5E" * 32, "node.verity.blocks=1"),
        ("node.verity=" + "5e" * 31 + "*x", "node.verity.blocks=1"),
        ("node.verity=" + "5e" * 32,),
        ("node.verity=" + "5e" * 32, "node.verity.blocks=1x"),
        ("node.verity=" + "5e" * 32, "node.verity.blocks=12345678901"),
    ],
)
def test_words_that_tell_no_tree_stop_the_boot(words: tuple[str, ...]) -> None:
    """But for an empty one, which a person typed to start without."""
    assert run(*words) == ([] if words == ("node.verity=",) else [DEAD])


def test_an_image_that_does_not_fit_stops_the_boot() -> None:
    said = run(*IMAGE.words(), "node.slot=Root", wrong="yes")
    assert said[-1] == DEAD and not any(line.startswith("umount") for line in said)

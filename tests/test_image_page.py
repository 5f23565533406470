"""The page that says by what the running image is trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from machines import MACHINES
from ovirt_tui.machine.signers import FOLDERS
from ovirt_tui.pages.image import STATUS, TREE, checked, signed, trusted
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.signature import asked_of, signers

NODE = MACHINES["node-installed"]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEfLDrkk9xqIECBGoiFfSF4RPwb3S3u8c7rC1jKQYf5m"
FILES = {f"{FOLDERS[0]}/maker.pub": f'maker namespaces="ovirt-node-image" {KEY}\n'}
MAPPED = {"/dev/mapper/ovirt-node-image": "", "/dev/mapper/control": ""}


def system(**more: object) -> FakeSystem:
    return FakeSystem(NODE, **more)  # type: ignore[arg-type]


def test_the_keys_of_the_node_are_named_with_their_fingerprints() -> None:
    assert trusted(system(files=FILES), NODE).splitlines() == [
        "maker",
        "SHA256:8ZwxGjeXKEC0VxAj/XOyEsOTNT/9F4PUsPe6fMBV830",
    ]
    assert trusted(system(), NODE) == "none"


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ('["SIGNED", "maker"]', "the image is signed by maker"),
        ('["UNSIGNED", ""]', "the image is not signed"),
        ('["STRANGER", "SHA256:x (ED25519)"]', "the image is signed by the key SHA256:x (ED25519), which is none"),
        ('["DAMAGED", ""]', "the signature of the image is damaged"),
    ],
)
def test_who_signed_the_running_image(printed: str, said: str) -> None:
    node = system(files=FILES)
    node.outputs[asked_of(TREE, signers(node))] = printed
    assert signed(node, NODE).startswith(said)


def test_what_cannot_be_found_out_is_said_so() -> None:
    assert signed(system(files=FILES), NODE).startswith("unknown: ")
    assert checked(system(files=MAPPED), NODE).startswith("unknown: ")
    assert checked(system(files=MAPPED, outputs={STATUS: "0 8 linear\n"}), NODE) == "unknown: 0 8 linear"


@pytest.mark.parametrize(
    ("status", "said"),
    [("0 312000 verity V\n", "yes, each block"), ("0 312000 verity C\n", "yes, and a block was wrong")],
)
def test_whether_the_kernel_checks_the_image(status: str, said: str) -> None:
    assert checked(system(files=MAPPED, outputs={STATUS: status}), NODE).startswith(said)
    assert checked(system(), NODE) == "no: the image was started without node.verity"


def test_the_name_of_the_device_is_that_of_the_initrd() -> None:
    hook = Path(__file__).parent.parent / "image/dracut/90ovirt-node/verity.sh"
    assert f"create --readonly {STATUS[-1]} " in hook.read_text()

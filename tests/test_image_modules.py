"""What the image's build proves of its kernel modules, their firmware, and the processors' microcode."""

import struct
from pathlib import Path

import pytest

from image import hardware, microcode
from image.modules import Module, built_in, chosen, closure, firmware_of_kernel, offered, read_module, unmet
from image.stage import BuildError


def module(name: str, *depends: str, **more: tuple[str, ...]) -> Module:
    folder = "drivers/scsi" if more.get("aliases") else "lib"
    return Module(name, Path(f"/lib/modules/6/kernel/{folder}/{name}.ko"), depends=depends, **more)


def tree(*modules: Module) -> dict[str, Module]:
    return {one.name: one for one in modules}


def elf(path: Path, *said: str) -> Path:
    """A file with an ELF header, a section .modinfo that says *said*, and the names of its sections."""
    info = b"".join(item.encode() + b"\0" for item in said)
    names = b"\0.modinfo\0.shstrtab\0"
    start = 64
    table = start + len(info) + len(names)
    header = (
        b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, table, 0, 64, 0, 0, 64, 3, 2)
    )
    sections = [(0, 0, 0), (1, start, len(info)), (10, start + len(info), len(names))]
    rows = b"".join(struct.pack("<IIQQQQIIQQ", name, 1, 0, 0, at, size, 0, 0, 1, 0) for name, at, size in sections)
    path.write_bytes(header + info + names + rows)
    return path


def test_a_module_says_what_it_needs(tmp_path: Path) -> None:
    path = elf(
        tmp_path / "qla4-xxx.ko", "license=GPL", "depends=scsi_mod,iscsi-boot-sysfs", "softdep=pre: crc32c post: a-b",
        "firmware=ql/*.bin", "firmware=one.fw", "alias=pci:v00001077d*",
    )  # fmt: skip
    said = read_module(path)
    assert (said.name, said.depends) == ("qla4_xxx", ("scsi_mod", "iscsi_boot_sysfs"))
    assert (said.soft, said.firmware) == (("crc32c", "a_b"), ("ql/*.bin", "one.fw"))
    assert said.aliases == ("pci:v00001077d*",)
    assert read_module(elf(tmp_path / "bare.ko", "depends=")).depends == ()


def test_what_is_needed_and_not_there_is_named() -> None:
    there = tree(module("lpfc", "nvmet_fc", "scsi_mod"), module("ice", "gnss"), module("scsi_mod"))
    assert unmet(there, {"gnss"}, {}) == ["lpfc needs nvmet_fc"]


def test_a_soft_dependency_counts_where_the_package_had_a_module_for_it() -> None:
    ext4 = module("ext4", soft=("crc32c", "never_heard_of"))
    package = tree(ext4, module("crc32c_generic", aliases=("crc32c", "crypto-*")))
    offers = offered(package)
    assert unmet(package, (), offers) == []
    assert unmet(tree(ext4), (), offers) == ["ext4 is loaded with crc32c"]
    assert unmet(tree(ext4), ("crc32c_generic",), offers) == []


def test_the_initrd_holds_every_driver_of_disks_and_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "storage.list").write_text("bnx2fc   FCoE\n")
    (tmp_path / "initrd.list").write_text("fs/ext4/\next4\n")
    monkeypatch.setattr(hardware, "LISTS", tmp_path)
    there = tree(
        module("fnic", "libfcoe", aliases=("pci:v00001137d00000045",)),
        module("libfcoe", "libfc"), module("libfc"),
        module("iscsi_tcp", aliases=("net-pf-16",)),
        module("bnx2fc", "cnic"), module("cnic"), module("ext4"), module("e1000"),
    )  # fmt: skip
    assert hardware.of_initrd(there, offered(there)) == {"fnic", "libfcoe", "libfc", "bnx2fc", "cnic", "ext4"}


def test_every_driver_that_the_lists_name_has_a_purpose() -> None:
    for file in ("storage", "network"):
        lines = (hardware.LISTS / f"{file}.list").read_text().splitlines()
        rows = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
        assert all(len(row) == 2 for row in rows), rows
        names = [row[0] for row in rows]
        assert len(set(names)) == len(names) > 30


COMMON = {
    "Broadcom": "tg3 bnx2 bnx2x bnxt_en bnx2i bnx2fc",
    "Intel": "e1000e igb igc ixgbe ixgbevf i40e iavf ice idpf ahci nvme vmd isci",
    "Mellanox": "mlx4_core mlx4_en mlx5_core mlx5_ib",
    "QLogic": "qede qlcnic qla2xxx qla4xxx qedi qedf",
    "Emulex": "lpfc be2net be2iscsi",
    "Chelsio": "cxgb3 cxgb3i cxgb4 cxgb4vf cxgb4i csiostor",
    "Cisco": "enic fnic snic",
    "LSI, now Broadcom": "megaraid_sas mpt3sas mpi3mr mptsas",
    "HP Smart Array": "hpsa smartpqi",
    "Adaptec": "aacraid smartpqi pm80xx",
    "AWS": "ena nvme xen_netfront xen_blkfront",
    "Google": "gve virtio_net virtio_scsi nvme",
    "Azure": "mana hv_netvsc hv_storvsc pci_hyperv",
    "VMware": "vmxnet3 vmw_pvscsi mptscsih",
    "virtio": "virtio_net virtio_blk virtio_scsi",
}


@pytest.mark.parametrize("vendor", COMMON)
def test_no_list_loses_a_driver_of_common_servers(vendor: str) -> None:
    """The build proves that what the lists name is in the image; that they name it is proved here."""
    assert hardware.absent(COMMON[vendor].split(), hardware.wanted("storage"), hardware.wanted("network")) == []


def test_what_is_absent_is_named() -> None:
    assert hardware.absent(["nvme", "drivers/pci/", "virtio_pci", "ahci"], {"nvme"}, {"virtio_pci"}) == ["ahci"]
    with pytest.raises(BuildError, match="the initrd lacks modules: ahci; nvme"):
        hardware.stop_if(["ahci", "nvme"], "the initrd lacks modules")
    hardware.stop_if([], "nothing")


def test_folders_go_but_for_what_stays(tmp_path: Path) -> None:
    for name in (
        "drivers/mtd/mtd.ko.xz",
        "drivers/mtd/chips/cfi.ko.xz",
        "drivers/ata/pata_pcmcia.ko",
        "drivers/ata/ahci.ko",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    gone = chosen(tmp_path, ["drivers/mtd", "drivers/ata/pata_p*.ko", "!drivers/mtd/mtd.ko"])
    assert {path.name for path in gone} == {"cfi.ko.xz", "pata_pcmcia.ko"}


def test_closure_ends_where_modules_need_each_other() -> None:
    there = tree(module("a", "b"), module("b", "a", "built_in_one"), module("c"))
    assert closure(["a", "unknown"], there, {}) == {"a", "b"}


def test_the_kernel_says_what_is_built_in(tmp_path: Path) -> None:
    (tmp_path / "modules.builtin").write_text("kernel/drivers/virtio/virtio-pci.ko\nkernel/fs/fuse.ko\n")
    (tmp_path / "modules.builtin.modinfo").write_bytes(b"a.license=GPL\0a.firmware=x/y.bin\0b.alias=z\0")
    assert built_in(tmp_path) == {"virtio_pci", "fuse"}
    assert firmware_of_kernel(tmp_path) == {"x/y.bin"}


def test_only_firmware_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "ql").mkdir()
    for name in ("ql/a.bin", "ql/b.bin", "other.bin", "real-1.fw"):
        (tmp_path / name).touch()
    (tmp_path / "ql/link.fw").symlink_to("../real-1.fw")
    found = hardware.firmware(["ql/*.bin", "ql/link.fw", "not/there.bin"], tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in found} == {"ql/a.bin", "ql/b.bin", "ql/link.fw", "real-1.fw"}


def update(revision: int, size: int = 2048, total: int = 2048) -> bytes:
    return struct.pack("<9I", 1, revision, 0, 0x806F8, 0, 1, 0x87, 2000, total) + bytes(size - 36)


def test_microcode_is_kept_once() -> None:
    one, other = update(1, total=0), update(2, 4096, 4096)
    assert microcode.intel([one + other, other, one]) == one + other
    for broken in (one[:40], b"README", other[:2048]):
        with pytest.raises(BuildError, match="microcode"):
            microcode.intel([broken])


def test_microcode_comes_as_the_kernel_reads_it(tmp_path: Path) -> None:
    for folder, content in (("intel-ucode", update(1)), ("amd-ucode", b"DMA\0")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.bin").write_bytes(content)
    microcode.archive(tmp_path, tmp_path / "work", tmp_path / "microcode.cpio")
    made = (tmp_path / "microcode.cpio").read_bytes()
    assert made.startswith(b"070701") and b"kernel/x86/microcode/GenuineIntel.bin\0" in made
    assert b"kernel/x86/microcode/AuthenticAMD.bin\0" in made and b"DMA\0" in made
    (tmp_path / "amd-ucode/one.bin").unlink()
    with pytest.raises(BuildError, match="AuthenticAMD"):
        microcode.archive(tmp_path, tmp_path / "work", tmp_path / "again.cpio")

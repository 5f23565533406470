"""QEMU's command line for one machine, and whether hardware virtualization works here."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

FIRMWARE = Path("/usr/share/OVMF")
KVM = ("-accel", "kvm", "-cpu", "host", "-smp", "2")
# One processor: two that clear pages containing code block each other for minutes.  Without erms the kernel clears
# pages by eight bytes an instruction, each of which QEMU emulates.  With QEMU's default size of the translation
# buffer, four of six boots took 155 to 170 seconds instead of 100; with 128 to 512 MiB, none of eleven.
EMULATION = ("-accel", "tcg,thread=single,tb-size=256", "-cpu", "max,-erms,-fsrm", "-smp", "1")
PROBE_KERNEL = Path("build/medium/vmlinuz")


@dataclass(frozen=True)
class Disk:
    """A disk image.  *raw* ones can be hashed; *serial* and *sector* (bytes) are what the guest sees.

    Every write and flush of the guest to a raw one is recorded in *log*, where one is given (testbed/write_log.py).
    """

    file: Path
    serial: str
    raw: bool = True
    sector: int = 512
    log: Path | None = None

    def create(self, mib: int) -> Disk:
        """Create it, blank and sparse, with *mib* MiB."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.unlink(missing_ok=True)
        with self.file.open("wb") as image:
            image.truncate(mib << 20)
        return self

    def back_end(self, number: int) -> list[str]:
        """QEMU's arguments for what is behind the disk named *number*."""
        if not self.log:
            kind = "raw" if self.raw else "qcow2"
            return ["-drive", f"file={self.file},if=none,id=disk{number},format={kind},discard=unmap"]
        return recorded(self.file, self.log, f"disk{number}")


def recorded(file: Path, log: Path, name: str) -> list[str]:
    """QEMU's arguments for a block device *name*: the raw image *file*, each write and flush of which *log* gets."""
    log.write_bytes(b"")
    return [
        *("-blockdev", f"driver=file,node-name={name}-file,filename={file},discard=unmap"),
        *("-blockdev", f"driver=file,node-name={name}-log,filename={log}"),
        *("-blockdev", f"driver=blklogwrites,node-name={name},file={name}-file,log={name}-log"),
    ]


@dataclass(frozen=True)
class Guest:
    """The configuration of one virtual machine."""

    folder: Path
    disks: tuple[Disk, ...] = ()
    cdrom: Path | None = None
    kernel: Path | None = None
    initrd: Path | None = None
    words: str = ""
    memory_mib: int = 2048
    efi: bool = False
    variables: Path | None = None  # of a UEFI firmware that enforces Secure Boot: the store with its keys
    network: tuple[str, ...] = ("user,model=virtio-net-pci,mac=52:54:00:12:34:56,restrict=on",)
    extra: tuple[str, ...] = field(default=())
    shell: bool = False  # a root shell on the second serial line
    state: str = ""  # name of a state saved on its disk, which is resumed instead of booting

    def with_(self, **changes: object) -> Guest:
        """The same machine, changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def argv(self, serial: str) -> list[str]:
        """The command line; *serial* is QEMU's name of the back end of the first serial port."""
        machine = "q35,smm=on" if self.variables else "q35"
        line = ["qemu-system-x86_64", "-machine", machine, *accelerator(), "-m", str(self.memory_mib)]
        line += ["-display", "none", "-no-reboot", "-serial", serial, "-monitor", "none"]
        line += ["-device", "virtio-rng-pci"]
        if serial == "mon:stdio":
            line[line.index("-monitor") : line.index("-monitor") + 2] = []
        if self.efi:
            line += self._firmware()
        for number, disk in enumerate(self.disks):
            line += disk.back_end(number)
            sector = f"logical_block_size={disk.sector},physical_block_size={max(disk.sector, 512)}"
            known = f"drive=disk{number},serial={disk.serial},bootindex={number + 2},{sector}"
            if disk.log:  # merged requests have as many parts as a call may write, and the log adds its own
                known += ",request-merging=off"
            line += ["-device", f"virtio-blk-pci,{known}"]
        if self.cdrom:
            line += ["-drive", f"file={self.cdrom},if=none,id=cd,format=raw,media=cdrom,readonly=on"]
            line += ["-device", f"ide-cd,drive=cd,bootindex={1}"]
        if self.kernel and self.initrd:
            line += ["-kernel", str(self.kernel), "-initrd", str(self.initrd), "-append", self.words]
        for nic in self.network:
            line += ["-nic", nic]
        if not self.network:
            line += ["-nic", "none"]
        line += ["-loadvm", self.state] if self.state else []
        return [*line, *self.extra]

    def _firmware(self) -> list[str]:
        variables = self.folder / "OVMF_VARS.fd"
        if not variables.exists():
            shutil.copy(self.variables or FIRMWARE / "OVMF_VARS_4M.fd", variables)
        code = FIRMWARE / ("OVMF_CODE_4M.secboot.fd" if self.variables else "OVMF_CODE_4M.fd")
        protected = ("-global", "driver=cfi.pflash01,property=secure,value=on") if self.variables else ()
        return [
            *protected,
            *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={code}"),
            *("-drive", f"if=pflash,format=raw,unit=1,file={variables}"),
        ]


@cache
def accelerator() -> tuple[str, ...]:
    """KVM where a kernel can run on it, else emulation.

    /dev/kvm alone proves nothing: where virtualization is not nested, a guest hangs or QEMU aborts.  So a
    kernel of ours is started; without a root it panics, reboots and ends QEMU within seconds.
    """
    if not PROBE_KERNEL.exists() or not Path("/dev/kvm").exists():
        return EMULATION
    argv = ["qemu-system-x86_64", "-machine", "q35", *KVM, "-m", "512", "-display", "none"]
    argv += ["-no-reboot", "-nic", "none", "-serial", "none", "-monitor", "none"]
    argv += ["-kernel", str(PROBE_KERNEL), "-append", "panic=-1"]
    try:
        works = subprocess.run(argv, timeout=20, capture_output=True, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        works = False
    return KVM if works else EMULATION

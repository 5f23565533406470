"""The reference of the kernel line, docs/parameters.md, from the table.  python -m ovirt_tui.reference.parameters"""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall.parameters import SUBJECTS, WORDS
from ovirt_tui.features.order import defaults
from ovirt_tui.features.parameter import Repeat, Word

HEAD = """\
# Kernel line

Made from the parameters of `ovirt_tui/autoinstall/parameters.py` by `make docs`; edit those.

"""
ABOUT = """\
A parameter is a word of the kernel line; an [answer file](answers.md) says the same settings, and more at ease.
`storage_init` with `BOOTIF` makes the installation unattended. Everything is checked before anything is written; every
problem is shown at once, by the parameter's name, and nothing is installed then. `ovirt-tui check` and `ovirt-tui plan`
tell beforehand, on any machine, with the facts of another one (`--machine FILE`, written by `ovirt-tui facts`).

- **Quoting** is the kernel's: double quotes around a whole word or value keep blanks, there is no escape, single quotes
  are ordinary characters. In a GRUB menu, `$` and `;` need single quotes around the word.
- **Names**: case matters; `-` and `_` are the same. Yes is `1 y yes true on` or the bare word; no is
  `0 n no false off`.
- **Repetition**: the last one counts, unless the parameter says otherwise.
- **Words of the kernel**, of drivers (`MODULE.PARAMETER=`) and of dracut that are known to be of use are kept:
  they stand in its boot menu and on its kernel line for good, where everybody can read them. The list is in
  `ovirt_tui/features/kernel_words.py`. Any other word is an error that says so; `node.carry=NAME` keeps it all the
  same. One that begins like a parameter of the node, or is a slip away from one, is an error that names it.
- **Words of one boot** (`root=`, `initrd=`, `rd.live.*`, `BOOT_IMAGE=`, what PXELINUX adds about the machine) and
  words that open a door on it (`init=`, `rd.break`, `rd.shell`, `systemd.debug-shell`, `systemd.unit=`, `systemd.run=`,
  `systemd.set-credential=`) or activate what is on disks of others (`rd.lvm`, `rd.auto`) are dropped: they hold for
  this boot and never for the node, `node.carry` or not.
- **What looks like a password**, by its name (`password`, `token`, `psk`, `apikey`) or as a hash, is an error in any
  word that is not made for it, since the boot menu can be read by everyone. `node.carry` does not change that.
- **Passwords** are given as hashes; they are in no log, plan or saved file. The line itself can be read by everyone on
  the machine that is installed, which is why they must be changed at the first login.

| DISK | Means |
|-|-|
| `/dev/...` | the disk of this name or link (`/dev/disk/by-id/wwn-...`); a path of a multipath disk means the whole |
| `BUS` | the only disk on this bus: `ata`, `scsi`, `usb`, `nvme`, `virtio`, `mmc` or `cciss` |
| `BUS:SERIAL` | the disk on this bus with exactly this serial number (udev's `ID_SERIAL`) |
| `WWN` | the disk of this World Wide Name, as `0x5000c500a1b2c3d4`, `wwn-0x...`, `eui....` or `naa....` |
| `BUS:ALL` | every disk on this bus |
| `only` | the one disk that is neither removable, nor the medium, nor too small; `storage_init` alone says the same |
| `NAME=VALUE` | the only disk of which this is true; several are joined by `+`, and `+all` means every such disk |

| NAME | VALUE |
|-|-|
| `serial`, `wwn`, `bus` | as above |
| `model` | the model, in any case, with `_` for blanks; `*` and `?` stand for other characters |
| `size` | `500G-2T`, `500G-`, `-2T` or one size; units are powers of 1024 |
| `transport` | `sata`, `sas`, `fc`, `iscsi`, `usb`, `nvme`, `virtio`, `mmc` |
| `rotational` | `yes` or `no`, as the kernel takes it |
| `hctl` | `HOST:CHANNEL:TARGET:LUN` of a SCSI disk |
| `by-id`, `by-path` | the name of a link in that folder of `/dev/disk` |

So `storage_init=transport=nvme+size=400G-2T` means the only NVMe disk of that size.

What matches no disk, or more than one without `ALL`, is refused with every disk of the machine and why it does or does
not match. The medium that the installer runs from can never be chosen.
"""
"""What holds for every parameter."""
COMING_TITLE = "Not in this version"
COMING_ABOUT = "These are understood and checked, but asking for one is refused by its name, with what takes its place."
COMING_TABLE = """\
| Parameter | Also | Form | Means |
|-|-|-|-|
"""


def reference() -> str:
    """All of docs/parameters.md."""
    parts = [HEAD, ABOUT]
    for subject, title in SUBJECTS.items():
        rows = [word for word in WORDS if word.subject == subject and not word.coming]
        if rows:
            parts.append(f"\n## {title}\n")
            parts += ["\n" + "".join(f"{line}\n" for line in _entry(param)) for param in rows]
    later = [word for word in WORDS if word.coming]
    parts.append(f"\n## {COMING_TITLE}\n\n{COMING_ABOUT}\n\n{COMING_TABLE}")
    return "".join(parts) + "".join(f"{_row(param)}\n" for param in later)


def _entry(param: Word) -> Iterator[str]:
    yield f"### {param.name}"
    yield ""
    yield param.help
    yield ""
    yield from (f"- {title}: {text}" for title, text in about(param))


def about(param: Word) -> Iterator[tuple[str, str]]:
    """What is to be known of a word beside its help, each with what it is called."""
    yield "Form", param.form
    yield "Example", f"`{param.name}={param.example}`"
    if param.also:
        yield "Also spelled", _code(param.also)
    if param.fills:
        labels = (f"{defaults().setting(path).label} (`{path}`)" for path in param.fills)
        yield "Sets", ", ".join(labels)
    if param.repeat is not Repeat.LAST:
        yield "Given twice", param.repeat.value


def _row(param: Word) -> str:
    form = param.form.replace("|", r"\|")
    return f"| `{param.name}` | {_code(param.also)} | {form} | {param.help} |"


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    print(reference(), end="")

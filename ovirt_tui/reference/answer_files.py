"""The reference of answer files, docs/answers.md, from the settings.  python -m ovirt_tui.reference.answer_files"""

from __future__ import annotations

from collections.abc import Iterator

from ovirt_tui.autoinstall import answers
from ovirt_tui.features.order import defaults
from ovirt_tui.model.config import NodeConfig, Section, Setting
from ovirt_tui.model.plain import form, plain
from ovirt_tui.model.values import parse

HEAD = """\
# Answer files

Made from the settings by `make docs`; edit those.

"""
WHAT = """\
An answer file is TOML in UTF-8. Its sections and names are those of the settings, so `hostname` in `[network]` is the
setting `network.hostname` of `ovirt-tui check`. What is left out is at its default.
"""
ABOUT = """\
- **Forms are strict**: `true` is no `"yes"`, `7` is no `"7"`. Of a size, `2048` (MiB) and `"2G"` are the same; units
  are powers of 1024. A setting that may have no value is put back to none by `""`.
- **Several files**: `ovirt-tui check --answers site.toml node7.toml` reads them in this order, and a later one counts
  more, setting by setting. `--cmdline TEXT` comes after them and counts most; `-` is standard input.
- **What is asked for**: files that decide `storage.boot_disk` ask for an installation, which needs `network.nic` to be
  said (`""` for a node without a network) and a password of admin; others are settings only. What a kernel line asks
  for counts before that.
- **Every problem is told at once**, by the file and the setting, or by the word of the kernel line that decided it. The
  rules are those of pages and of the kernel line.
- **Secrets** are given as hashes, and are in nothing that is written: `ovirt-tui export --as answers` leaves them out.
  They are best given in a file of their own, which comes after it.
- **Words of the kernel** in `boot.words` stay on the kernel line of the node for good, where everybody can read them;
  one that opens a door on the node, or looks like a password, is refused.
- **A file** has at most 65536 bytes. `docs/schema/answers.json` is its JSON Schema, for editors.
"""
EXAMPLE = {
    "storage.boot_disk": "/dev/disk/by-id/virtio-a0001",
    "network.hostname": "node7.example.com",
    "network.nic": "eth0",
    "network.ipv4": "static",
    "network.ipv4_address": "192.0.2.7/24",
    "network.ipv4_gateway": "192.0.2.1",
    "network.dns": "192.0.2.53,2001:db8::53",
    "users.ssh_password_login": "yes",
}


def example() -> NodeConfig:
    """A configuration whose file shows what one looks like."""
    config = defaults()
    for path, text in EXAMPLE.items():
        config = config.put(path, parse(config.setting(path).type, text))
    return config


def reference() -> str:
    """All of docs/answers.md."""
    shown = f"\n```toml\n{answers.write(example())}```\n\n"
    head = f"{HEAD}{WHAT}{shown}{ABOUT}"
    return head + "".join(line for section in defaults().sections for line in _table(section))


def _table(section: Section) -> Iterator[str]:
    yield f"\n## [{section.prefix}]\n\n| Setting | Value | Default | Means |\n|-|-|-|-|\n"
    for each in section.settings():
        cells = (cell.replace("|", r"\|") for cell in _row(each))
        yield f"| {' | '.join(cells)} |\n"


def _row(setting: Setting) -> tuple[str, ...]:
    known = default(setting)
    return f"`{setting.name}`", form(setting.type), f"`{known}`" if known else "", means(setting)


def default(setting: Setting) -> str:
    """What *setting* is when nobody says anything, as a file has it; empty for nothing."""
    return "" if setting.default is None else answers.toml(plain(setting.default))


def means(setting: Setting) -> str:
    """What *setting* is for, in a sentence or two."""
    return f"{setting.label.rstrip('.')}. {setting.help}".strip()


if __name__ == "__main__":
    print(reference(), end="")

"""What the help of each subcommand says: what it does, examples, and what its exit status means."""

from __future__ import annotations

from ovirt_tui.i18n import N_, _
from ovirt_tui.model.records import dataclass

DONE, FAILED, REFUSED, DIFFERS = 0, 1, 2, 3
NO_OUTPUT = (FAILED, N_("the machine could not be looked at, or the output not be written"))
MISUSED = (REFUSED, N_("refused: the command line is not understood"))
NO_TERMINAL = (REFUSED, N_("refused: there is no terminal, or the command line is not understood"))
MISTAKE = (FAILED, N_("a mistake of the program ended it; the journal has the details"))
NOT_A_NODE = (REFUSED, N_("refused: this is no installed node, or the command line is not understood"))
PROBLEMS = (REFUSED, N_("refused: every problem is on standard error"))


@dataclass(frozen=True)
class Manual:
    """The help of a subcommand: a sentence, example lines, and the exit statuses with their meanings."""

    about: str
    examples: tuple[str, ...]
    ends: tuple[tuple[int, str], ...]

    def epilog(self) -> str:
        """The examples and the exit statuses, as the help shows them."""
        examples = "\n".join(f"  ovirt-tui {line}" for line in self.examples)
        ends = "\n".join(f"  {status}  {_(text)}" for status, text in self.ends)
        return "\n".join((_("examples:"), examples, "", _("exit status:"), ends))


MANUALS = {
    "install": Manual(N_("open the installer"), ("install",), ((DONE, N_("left")), MISTAKE, NO_TERMINAL)),
    "setup": Manual(
        N_("open the setup program of an installed node"),
        ("setup",),
        ((DONE, N_("logged off")), MISTAKE, NO_TERMINAL),
    ),
    "autoinstall": Manual(
        N_("install, or uninstall, as the kernel line of this machine says"),
        ("autoinstall", "autoinstall --cmdline 'storage_init=/dev/sda BOOTIF=link adminpw=...'"),
        (
            (DONE, N_("done; the machine restarts")),
            (FAILED, N_("a step failed; what is certain of the disks is said")),
            (REFUSED, N_("refused before anything was written; every problem is said")),
        ),
    ),
    "check": Manual(
        N_("say what a kernel line and answer files mean, and every problem with them"),
        (
            "check --cmdline 'storage_init=/dev/sda BOOTIF=link adminpw=...'",
            "check --json --machine rack7.json --answers site.toml node7.toml",
        ),
        ((DONE, N_("nothing is wrong")), NO_OUTPUT, PROBLEMS),
    ),
    "plan": Manual(
        N_("print what an installation would do, step by step, and to which disks"),
        ("plan --answers node7.toml", "plan --json --machine rack7.json --answers node7.toml"),
        ((DONE, N_("nothing is wrong")), NO_OUTPUT, PROBLEMS),
    ),
    "disks": Manual(
        N_("list the disks of a machine, or say which of them a selector names, and of each other why not"),
        ("disks", "disks --match ata:ZBS0A1", "disks --json --machine rack7.json --match wwn-0x5000c500a1b2c3d4"),
        ((DONE, N_("printed; with --match, the selector names what it should")), NO_OUTPUT, PROBLEMS),
    ),
    "facts": Manual(
        N_("print this machine as the JSON that --machine reads"),
        ("facts > rack7.json",),
        ((DONE, N_("printed")), NO_OUTPUT, MISUSED),
    ),
    "export": Manual(
        N_("print settings as a kernel line or an answer file, without secrets"),
        ("export --as answers > node7.toml", "export --json --cmdline 'hostname=node7.example.com vlan=42'"),
        ((DONE, N_("printed")), NO_OUTPUT, PROBLEMS),
    ),
    "apply": Manual(
        N_("bring this node to an answer file; what the file does not say stays as it was saved"),
        ("apply --answers node7.conf", "apply --check --json --answers node7.conf"),
        (
            (DONE, N_("done, or nothing differs")),
            (FAILED, N_("a step failed, and what its action had changed was taken back")),
            (REFUSED, N_("refused before anything was changed: every problem is on standard error")),
            (DIFFERS, N_("with --check: something would be changed")),
        ),
    ),
    "drift": Manual(
        N_("say what on this node is not as it was saved, setting by setting, with both values"),
        ("drift", "drift --json"),
        (
            (DONE, N_("nothing differs")),
            NO_OUTPUT,
            NOT_A_NODE,
            (DIFFERS, N_("something differs")),
        ),
    ),
    "upgrade": Manual(
        N_("write an image to the other slot and have the boot menu try it; the running one is never written"),
        ("upgrade /data/ovirt-node.iso --reboot", "upgrade --check --json /dev/sr0"),
        (
            (DONE, N_("the next restart tries it; with --check: it could be done")),
            (FAILED, N_("it could not be done; the running image starts as before")),
            (REFUSED, N_("refused before anything was written: every problem is on standard error")),
        ),
    ),
    "rollback": Manual(
        N_("have the boot menu start the image in the other slot from now on, with the settings that it had"),
        ("rollback --reboot",),
        (
            (DONE, N_("the next restart starts it")),
            (FAILED, N_("it could not be done; the running image starts as before")),
            (REFUSED, N_("refused: there is no image that has proven itself in the other slot")),
        ),
    ),
    "status": Manual(
        N_("say which image runs, which one is beside it, and how the last upgrade stands"),
        ("status", "status --json"),
        ((DONE, N_("printed")), NO_OUTPUT, MISUSED),
    ),
    "trial": Manual(
        N_("judge a new image at its first start, as the boot of a node does: it is kept, or the one of before starts"),
        ("trial", "trial --lasted", "trial --well"),
        (
            (DONE, N_("it is kept, or there is nothing to judge or to note")),
            (FAILED, N_("it is not kept, and the node restarts")),
            (REFUSED, N_("refused: this is no installed node, or the command line is not understood")),
        ),
    ),
    "persist": Manual(
        N_("have folders of this node last over restarts and upgrades, with all that is changed in them"),
        ("persist /opt/agent", "persist --json /usr/local/bin/check /var/spool/cron"),
        (
            (DONE, N_("all of them last, from now on or already")),
            (FAILED, N_("one cannot be kept; the reason is on standard error, and the others are kept")),
            NOT_A_NODE,
        ),
    ),
    "unpersist": Manual(
        N_("have folders last until the next restart only; 'persist' before that keeps them after all"),
        ("unpersist /opt/agent",),
        (
            (DONE, N_("none of them lasts longer")),
            (
                FAILED,
                N_("one was not kept, or not for itself; the reason is on standard error, and the others are done"),
            ),
            NOT_A_NODE,
        ),
    ),
    "persisted": Manual(
        N_("say what lasts on this node, what of it differs from the image, and what the next restart takes away"),
        ("persisted", "persisted --json"),
        ((DONE, N_("printed")), NO_OUTPUT, NOT_A_NODE),
    ),
    "register": Manual(
        N_("register this node with the oVirt Engine of its settings, unless it is, and report it to its server"),
        ("register",),
        (
            (DONE, N_("registered and reported, or nothing is set")),
            (
                FAILED,
                N_("a server did not take it, and nothing was changed for that one; the reason is on standard error"),
            ),
            (REFUSED, N_("refused: this is no installed node, or no certificate was approved")),
        ),
    ),
}
"""Each subcommand by its name."""

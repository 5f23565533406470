"""The arguments of each subcommand."""

from __future__ import annotations

from ovirt_tui.cli.plain import Arguments
from ovirt_tui.i18n import _

MACHINE, ANSWERS = "--machine", "--answers"
FORMS = ("cmdline", "answers")


class Misused(Exception):
    """The command line is not one of this program's; the text has its usage."""


def _answer_files(parser: Arguments, *, required: bool = False) -> None:
    parser.add_argument(
        ANSWERS,
        metavar="FILE",
        nargs="+",
        action="extend",
        default=[],
        required=required,
        help=_("answer files, of which a later one counts more; - is standard input"),
    )


def check(parser: Arguments) -> None:
    _answer_files(parser)
    text = _("kernel line, which counts more than answer files (default, without any: that of this machine)")
    parser.add_argument("--cmdline", metavar="TEXT", help=text)
    parser.add_argument("--machine", metavar="FILE", help=_("facts as 'facts' prints them (default: this machine)"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def export(parser: Arguments) -> None:
    check(parser)
    parser.add_argument("--as", dest="form", choices=FORMS, default=FORMS[0], help=_("form of the output"))


def disks(parser: Arguments) -> None:
    parser.add_argument("--match", metavar="SELECTOR", help=_("as in storage_init, or any name of a disk"))
    parser.add_argument("--machine", metavar="FILE", help=_("facts as 'facts' prints them (default: this machine)"))
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def drift(parser: Arguments) -> None:
    parser.add_argument("--json", action="store_true", help=_("print one JSON object"))


def paths(parser: Arguments) -> None:
    drift(parser)
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", help=_("a folder, or a file, which is kept with its folder")
    )


def apply(parser: Arguments) -> None:
    drift(parser)
    _answer_files(parser, required=True)
    parser.set_defaults(cmdline=None, machine=None)
    parser.add_argument("--check", action="store_true", help=_("change nothing, and say what would be changed"))


def upgrade(parser: Arguments) -> None:
    drift(parser)
    parser.add_argument("file", metavar="FILE", help=_("the ISO file of the new image, a drive with it, or its URL"))
    parser.add_argument("--check", action="store_true", help=_("write nothing, and say what would be done"))
    _restarts(parser)
    parser.add_argument("--unsigned", action="store_true", help=_("take an image that nobody this node trusts signed"))
    parser.add_argument("--older", action="store_true", help=_("take an older version"))
    parser.add_argument("--again", action="store_true", help=_("take the version that runs already"))
    parser.add_argument("--with-guests", action="store_true", help=_("go on although guests run"))
    text = _("go on although the image does not take the settings of this node, or cannot be asked")
    parser.add_argument("--despite-settings", action="store_true", help=text)


def rollback(parser: Arguments) -> None:
    _restarts(parser)


def trial(parser: Arguments) -> None:
    text = _("only note that this start lasted: the boot menu counts those that did not")
    parser.add_argument("--lasted", action="store_true", help=text)
    text = _("only remember how this node is: a medium that upgrades it has its image compared with that")
    parser.add_argument("--well", action="store_true", help=text)


def _restarts(parser: Arguments) -> None:
    parser.add_argument("--reboot", action="store_true", help=_("restart this node at the end"))


def autoinstall(parser: Arguments) -> None:
    parser.add_argument("--cmdline", metavar="TEXT", help=_("kernel line (default: that of this machine)"))


def nothing(parser: Arguments) -> None:
    """Take none."""

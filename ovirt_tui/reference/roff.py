"""Manual pages in the macros of man(7): escapes, the few macros that a page needs, and the Markdown of our documents.

Texts are plain but for `code`, which is set bold, and **words** that are.  What they hold is never taken for a macro
or an escape.  Chunks of a page are strings of whole lines; page() puts them together.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

WIDTH = 78
"""Columns of the source."""

MARKED = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")
BOLD = r"\fB{}\fR"
LONGEST, PIECE = 60, 20
"""Characters of a word that fit in a line of a terminal, and those between which a longer one may be broken."""
LITERAL = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}
"""Characters that are no letters to roff, or are set as another one."""


def escaped(text: str) -> str:
    """Return *text* so that roff sets it as it is."""
    return "".join(LITERAL.get(char, char if char.isascii() else rf"\[u{ord(char):04X}]") for char in text)


def marked(text: str) -> str:
    """Return *text* escaped, with its `code` and its **words** in bold."""
    return _as_text("".join(_inline(text)))


def code(text: str) -> str:
    """Return what is typed as it stands here, in bold; a key or a fingerprint may go on in the next line."""
    piece = len(text) if len(text) <= LONGEST or " " in text else PIECE
    return BOLD.format(r"\:".join(escaped(text[at : at + piece]) for at in range(0, len(text), piece)))


def synopsis(text: str) -> str:
    """Return a command line as a synopsis: words that stand for others, in capitals, italic, the rest bold."""
    parts = re.split(r"([][|=. ]+)", text)
    return "".join(
        part if index % 2 else rf"\fI{escaped(part)}\fR" if part.isupper() else (code(part) if part else "")
        for index, part in enumerate(parts)
    )


def _inline(text: str) -> Iterator[str]:
    end = 0
    for found in MARKED.finditer(text):
        yield escaped(text[end : found.start()])
        yield code(found[1]) if found[1] else BOLD.format(escaped(found[2]))
        end = found.end()
    yield escaped(text[end:])


def _as_text(line: str) -> str:
    r"""Return a line that begins with what would make it a request, so that it is text: \& is nothing at all."""
    return rf"\&{line}" if line.startswith(".") else line


def _filled(text: str) -> str:
    """Return a paragraph as lines of source; where they end is not seen."""
    lines = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "".join(f"{_as_text(line)}\n" for line in lines)


def page(name: str, chapter: int, about: str, source: str, chunks: Iterable[str]) -> str:
    """Return a whole page; *about* follows the name, *source* stands at its foot."""
    title = f'.TH {escaped(name.upper())} {chapter} "" "{escaped(source)}" "oVirt Node"\n'
    made = "".join(chunks)
    return (
        f".\\\" Made by 'make docs'; what it is made of is in ovirt_tui/.\n{title}.nh\n.ad l\n.ss 12 0\n"
        f"{section('Name')}{escaped(name)} \\- {escaped(about)}\n{made}"
    )


def section(title: str) -> str:
    """A heading; by custom in capitals."""
    return f".SH {_argument(title.upper())}\n"


def subsection(title: str) -> str:
    """A heading below a section."""
    return f".SS {_argument(title)}\n"


def _argument(text: str) -> str:
    return f'"{escaped(text)}"'


def paragraph(text: str) -> str:
    """A paragraph, of marked text."""
    return f".PP\n{_filled(marked(text))}"


def raw(line: str) -> str:
    """A paragraph of one line that is roff already."""
    return f".PP\n{line}\n"


def bullet(text: str) -> str:
    """One of several points."""
    return f".IP \\(bu 2\n{_filled(marked(text))}"


def entry(term: str, *texts: str) -> str:
    """A term that is roff already, and the paragraphs that explain it, each beginning on a line of its own."""
    explained = ".br\n".join(_filled(marked(text)) for text in texts)
    return f".TP\n{term}\n{explained}"


def examples(lines: Iterable[str]) -> str:
    """Lines that are typed, as they stand."""
    shown = "".join(f"{_as_text(escaped(line))}\n" for line in lines)
    return f".PP\n.RS 4\n.nf\n{shown}.fi\n.RE\n"


def of_markdown(text: str) -> Iterator[str]:
    """Chunks of a Markdown text of headings, paragraphs, lists of points and tables of two columns."""
    for block in re.split(r"\n{2,}", text.strip("\n")):
        lines = block.split("\n")
        heading = re.fullmatch("(##+) (.*)", lines[0])
        if heading:
            yield (section if heading[1] == "##" else subsection)(heading[2])
        elif lines[0].startswith("- "):
            points = re.split(r"\n?^- ", block, flags=re.MULTILINE)[1:]
            yield from (bullet(" ".join(map(str.strip, point.split("\n")))) for point in points)
        elif lines[0].startswith("|"):
            yield from _table(lines)
        else:
            yield paragraph(" ".join(lines))


def _table(lines: list[str]) -> Iterator[str]:
    """A table as a list of terms, under what its first column is called."""
    rows = [[cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    (term, _meaning), _rule, *entries = rows
    yield raw(rf"\fI{escaped(term)}\fR is one of:")
    for name, meaning in entries:
        yield entry(marked(name), meaning)

"""Generated documents are those that the tables give now."""

import ast
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from ovirt_tui.autoinstall import answers
from ovirt_tui.autoinstall.parameters import WORDS
from ovirt_tui.features.order import defaults
from ovirt_tui.reference import answer_files
from ovirt_tui.reference.parameters import reference

DOCS = Path(__file__).parent.parent / "docs"


def test_the_reference_is_current() -> None:
    assert (DOCS / "parameters.md").read_text() == reference(), "run 'make docs'"


def test_the_reference_of_answer_files_is_current() -> None:
    assert (DOCS / "answers.md").read_text() == answer_files.reference(), "run 'make docs'"


def test_the_example_of_an_answer_file_is_one() -> None:
    text = (DOCS / "answers.md").read_text().partition("```toml\n")[2].partition("```")[0]
    found = answers.read("example", text.encode())
    assert found.problems == () and found.named == set(answer_files.EXAMPLE)


def test_every_setting_is_in_it() -> None:
    text = answer_files.reference()
    assert [
        each.path
        for each in defaults().settings()
        if f"| `{each.name}` |" not in text.partition(f"## [{each.section.prefix}]\n")[2].partition("\n## ")[0]
    ] == []


def test_every_parameter_is_in_it() -> None:
    text = reference()
    assert [
        param.name for param in WORDS if f"### {param.name}\n" not in text and f"| `{param.name}` |" not in text
    ] == []


def test_the_readme_shows_the_real_screen() -> None:
    """The picture in the README is the golden screen, letter by letter."""
    readme = Path("README.md").read_text()
    name, _, rest = readme.partition("<!-- ")[2].partition(" -->\n```\n")
    assert rest.partition("\n```\n")[0] == Path(name).read_text().rstrip("\n")


def test_no_words_are_hidden_from_the_template() -> None:
    """Inside an f-string, which words are found depends on the version of Python that looks for them."""
    hidden = [
        f"{path.name}:{call.lineno} {ast.unparse(call)}"
        for path in (DOCS.parent / "ovirt_tui").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("_", "N_")
        if any(isinstance(word, ast.Constant) for word in call.args)
    ]
    assert hidden == []


def test_the_template_of_translations_is_current() -> None:
    root = DOCS.parent
    found = {
        message for _file, _line, message, *_ in extract_from_dir(root / "ovirt_tui", keywords={"_": None, "N_": None})
    }
    with (root / "po/ovirt-tui.pot").open() as template:
        known = {message.id for message in read_po(template) if message.id}
    assert found - {""} == known, "run 'make pot'"

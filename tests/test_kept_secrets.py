"""A secret that a node keeps: written where a program reads it, taken from there again, and shown nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from brought import brought
from machines import PLAIN
from ovirt_tui.autoinstall import answers
from ovirt_tui.distro import Distro
from ovirt_tui.features.draft import Draft
from ovirt_tui.features.feature import Feature, action
from ovirt_tui.features.observation import Seen, content, observed
from ovirt_tui.features.order import FEATURES, defaults
from ovirt_tui.features.parameter import Put
from ovirt_tui.machine.facts import Facts
from ovirt_tui.model.config import NodeConfig, Resolved, Section, setting
from ovirt_tui.model.records import dataclass
from ovirt_tui.model.secrets import Confidential, Passphrase, Secret
from ovirt_tui.model.values import is_secret, parse
from ovirt_tui.pages import Field, Page
from ovirt_tui.plan import saved
from ovirt_tui.plan.runner import due
from ovirt_tui.system import Reader, StepFailed
from ovirt_tui.system.fake import FakeSystem
from ovirt_tui.system.machine import Machine
from ovirt_tui.system.steps import File, Step
from ovirt_tui.ui.form import Callbacks, Form
from person import at_setup

WORD = "top$ecret-{name}"
FILE = "/etc/vault.conf"


def is_named(vault: Vault) -> bool:
    return bool(vault.name)


@dataclass(frozen=True, kw_only=True)
class Vault(Section, prefix="vault"):
    name: str = setting("", "Name")
    secret: Passphrase | None = setting(None, "Secret", "What it is told by.", when=is_named)


def look(reader: Reader, facts: Facts, distro: Distro) -> Iterator[Seen]:
    said = dict(line.partition("=")[::2] for line in (content(reader, FILE) or "").splitlines())
    yield Put("vault.name", said.get("name", ""))
    yield observed(Vault, "secret", said.get("secret", ""), FILE)


@action("Filling the vault", observe=look)
def fill(config: Resolved, facts: Facts, distro: Distro) -> Iterator[Step]:
    vault = config[Vault]
    if vault.secret:
        text = Confidential(f"name={vault.name}\nsecret={{secret}}\n", secret=vault.secret)
        yield File(FILE, text, 0o600)


FEATURE = Feature(section=Vault, actions=(fill,))
CONFIG = NodeConfig((*defaults().sections, Vault(name="a", secret=Passphrase(WORD))))


def without(config: NodeConfig) -> NodeConfig:
    return config.put("vault.secret", None)


def test_a_text_hides_its_secrets_and_mixes_up_none() -> None:
    text = Confidential("{name}: {secret}, {other}\n", name=Passphrase("{secret}"), secret=Passphrase(WORD))
    assert str(text) == "***: ***, {other}\n" and WORD not in repr(text) + f"{text}"
    assert text.reveal() == f"{{secret}}: {WORD}, {{other}}\n"
    same = Confidential("{secret}: {b}, {other}\n", secret=Passphrase("{secret}"), b=Passphrase(WORD))
    assert same == text and hash(same) == hash(text) and str(same) != text.reveal()
    assert Confidential("{a}", a=Passphrase("x")) != Confidential("{a}", a=Passphrase("y"))
    assert Confidential("{none}").reveal() == "{none}"


@pytest.mark.parametrize("text", ["", "a b", 'a"', "a'", "a\\", "a\n", "ä", "a" * 65, "a\t"])
def test_what_no_file_could_quote_is_no_passphrase(text: str) -> None:
    with pytest.raises(ValueError) as why:
        parse(Passphrase, text)
    assert "without blanks" in str(why.value) and (not text or text not in str(why.value))


def test_any_sign_but_quotes_and_backslashes_may_be_in_one() -> None:
    signs = {chr(code) for code in range(33, 127)} - set("\"'\\")
    for sign in signs:
        assert parse(Passphrase, sign).reveal() == sign
    assert is_secret(Passphrase | None) and isinstance(Passphrase("a"), Secret)
    assert Passphrase("a") == Passphrase("a") != Passphrase("b")


def test_it_is_written_but_not_shown(tmp_path: Path) -> None:
    (step,) = fill.steps(Resolved(CONFIG), PLAIN, None)  # type: ignore[arg-type]
    machine = Machine(tmp_path)
    assert not machine.holds(step)
    undo = machine.make(step)
    file = tmp_path / FILE[1:]
    assert file.read_text() == f"name=a\nsecret={WORD}\n" and file.stat().st_mode & 0o777 == 0o600
    assert machine.holds(step) and f"{step}" == f"write {FILE} (2 lines, mode 600)"
    assert WORD not in repr(step) + f"{step}" + repr(CONFIG) + answers.write(CONFIG)
    file.write_text("name=a\nsecret=other\n")
    assert not machine.holds(step)
    undo()
    assert not file.exists()


def test_a_save_keeps_what_the_node_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "FEATURES", (*FEATURES, FEATURE))
    monkeypatch.setattr(saved, "defaults", lambda: CONFIG)
    system = brought(defaults(), PLAIN)
    system.make(File(FILE, f"name=a\nsecret={WORD}\n", 0o600))
    known = saved.with_kept(without(CONFIG), system, PLAIN)
    assert known == CONFIG
    assert list(due(fill, known, known, PLAIN, system)) == []
    assert list(due(fill, known, known.put("vault.secret", Passphrase("other")), PLAIN, system))
    assert saved.with_kept(without(CONFIG.put("vault.name", "b")), system, PLAIN)[Vault].name == "b"


def test_one_that_cannot_be_read_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "FEATURES", (FEATURE,))
    monkeypatch.setattr(saved, "defaults", lambda: CONFIG)

    class Broken(FakeSystem):
        def text(self, path: str) -> str:
            raise StepFailed("the disk is gone")

    assert saved.with_kept(without(CONFIG), Broken(PLAIN), PLAIN) == without(CONFIG)


def test_it_is_typed_twice_and_an_empty_one_stays() -> None:
    person, setup = at_setup()
    draft = Draft(PLAIN, without(CONFIG), ())
    page = Page(order=1, title="Vault", rows=(Field("vault.name"), Field("vault.secret")), setup=True)
    window = person.window
    form = Form(page, draft, window.system, window.probes, window.theme, 17, Callbacks())

    def type(text: str) -> None:
        for key in text:
            form.keypress((60, 20), key)

    form.keypress((60, 20), "tab")
    type("a b")
    form.keypress((60, 20), "tab")
    type("a b")
    assert not form.commit() and draft.config[Vault].secret is None
    shown = "\n".join(line.decode() for line in form.render((60, 20), True).text)
    assert "without blanks" in shown and "a b" not in shown
    for key in ("ctrl u", "shift tab", "ctrl u"):
        form.keypress((60, 20), key)
    type(WORD)
    form.keypress((60, 20), "tab")
    type(WORD[:-1])
    assert form.pending and not form.commit(), "the two differ"
    type(WORD[-1])
    assert form.commit() and not form.pending
    assert draft.config[Vault].secret == Passphrase(WORD)
    shown = "\n".join(line.decode() for line in form.render((60, 20), True).text)
    assert "One is set; leave this empty to keep it." in shown and WORD not in shown
    assert form.commit() and draft.config[Vault].secret == Passphrase(WORD)
    assert setup

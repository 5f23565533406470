# What is generated under docs/; tests fail when it is stale.
.PHONY: docs
docs: .venv/ready
	$(PY) -m ovirt_tui.reference.parameters > docs/parameters.md
	$(PY) -m ovirt_tui.reference.answer_files > docs/answers.md
	$(PY) -m ovirt_tui.reference.schema docs/schema
	$(PY) -m ovirt_tui.reference.manual_pages docs/man
	$(PY) -m ovirt_tui.reference.completion > docs/completion/ovirt-tui.bash

# The template that translators start from.
.PHONY: pot
pot: .venv/ready
	.venv/bin/pybabel -q extract --no-location --sort-output --omit-header -k N_ -k _ -o po/ovirt-tui.pot ovirt_tui

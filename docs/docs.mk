# What is generated under docs/; tests/test_docs.py fails when it is stale.
.PHONY: docs
docs: .venv/ready
	$(PY) -m ovirt_tui.autoinstall.docs > docs/parameters.md
	$(PY) -m ovirt_tui.schema docs/schema

# The template that translators start from.
.PHONY: pot
pot: .venv/ready
	.venv/bin/pybabel -q extract --no-location --sort-output --omit-header -k N_ -k _ -o po/ovirt-tui.pot ovirt_tui

# What is generated under docs/; tests/test_docs.py fails when it is stale.
.PHONY: docs
docs: .venv/ready
	$(PY) -m ovirt_tui.autoinstall.docs > docs/parameters.md

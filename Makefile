# What a developer needs, each with its own set-up; docs/ and CONTRIBUTING.md say more.
SHELL = /bin/bash
.DELETE_ON_ERROR:
PY = .venv/bin/python
.PHONY: check

# The system's Python with its libraries, and the tools of requirements.txt beside them.
.venv/ready: requirements.txt host-packages
	tests/setup-host host-packages
	/usr/bin/python3 -m venv --system-site-packages .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

check: .venv/ready
	.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && $(PY) -m pytest

-include image/image.mk
-include tests/vm/vm.mk

# Opens the program on a recorded machine: no root, no virtual machine, nothing is written.
#   make try [DO=install|setup] [MACHINE=tests/machines/NAME.json]
MACHINE ?= tests/machines/one-disk.json
DO ?= install
.PHONY: try
try: .venv/ready
	@PYTHONPATH=.:tests $(PY) tests/recorded.py $(DO) $(MACHINE)

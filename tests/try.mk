# Opens the program on a recorded machine: no root, no virtual machine, nothing is written.
#   make try [DO=install|setup] [MACHINE=tests/machines/NAME.json]
MACHINE ?= tests/machines/one-disk.json
DO ?= install
.PHONY: try
try: .venv/ready
	@PYTHONPATH=.:tests $(PY) tests/recorded.py $(DO) $(MACHINE)

# Random and mutated bytes typed at every page and at the locked screen: make fuzz [FUZZ=100000] [FUZZ_SEED=number]
.PHONY: fuzz
fuzz: .venv/ready
	PYTHONPATH=.:tests $(PY) tests/fuzz.py

# Opens the program on a recorded machine: no root, no virtual machine, nothing is written.
#   make try [DO=install|setup] [MACHINE=tests/machines/NAME.json]
MACHINE ?= tests/machines/one-disk.json
DO ?= install
.PHONY: try
try: .venv/ready
	@PYTHONPATH=.:tests $(PY) tests/recorded.py $(DO) $(MACHINE)

# Random and mutated bytes typed at every page and at the locked screen, then kernel lines and answer files on recorded
# machines: make fuzz [FUZZ=100000] [LINES=1000000] [FUZZ_SEED=number].  A million lines take a quarter of an hour.
LINES = 1000000
.PHONY: fuzz
fuzz: .venv/ready
	PYTHONPATH=.:tests $(PY) tests/fuzz.py
	PYTHONPATH=.:tests $(PY) tests/fuzz_lines.py $(LINES) $(FUZZ_SEED)

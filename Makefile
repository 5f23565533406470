# What a user and a developer need, each with its own set-up on a fresh Debian 12 or 13.
#   make run     build the ISO if needed, install it in a virtual machine in this terminal; ARGS="kernel words"
#   make boot    boot the disk that 'make run' installed
#   make test    the tests, virtual machines included
#   make test-all  these, and the virtual machines that take too long for it
#   make test-powercut  records a node from its installation to a rollback, and cuts its power at every flush
#   make check   format, lint, types, tests without root and without virtual machines: minutes on two cores
#   make accept  rewrites what is generated and what is golden; read the difference
#   make fuzz    random bytes at every page, random lines and answer files on recorded machines; FUZZ=100000 sequences, LINES=1000000
#   make try     the program on a recorded machine; MACHINE=tests/machines/NAME.json
#   make iso     build/ovirt-node.iso          make pxe    build/pxe/
#   make docs    what is generated under docs/ make bench  figures beside their yardsticks; fails at a missed mark
SHELL = /bin/bash
.DELETE_ON_ERROR:
.SUFFIXES:
PY = .venv/bin/python
.PHONY: check accept run boot test test-all test-powercut bench testbed-host media
AT_ONCE = -n 2 --dist load --maxschedchunk 1 --durations=0 -vv

# The system's Python with its libraries, and the tools of requirements.txt beside them.
.venv/ready: requirements.txt host-packages
	tests/setup-host host-packages
	/usr/bin/python3 -m venv --system-site-packages .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

check: .venv/ready
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	$(PY) -m pytest -n auto --dist worksteal

accept: docs pot
	$(PY) -m pytest -n0 --accept $$(grep -lF '"--accept"' tests/test_*.py)

testbed-host: testbed/host-packages
	tests/setup-host $^

# The words reach the program as they were typed: a hash is full of dollars.
run: .venv/ready testbed-host iso
	ARGS='$(subst ','\'',$(value ARGS))' $(PY) -m testbed.run install

boot: .venv/ready testbed-host
	$(PY) -m testbed.run boot

# Building the image takes minutes the first time, most of them on one processor: the checks run beside it.  Each
# virtual machine test takes minutes too: two run at once, and who is done takes the next one.
test: .venv/ready testbed-host
	$(MAKE) --jobs=2 --output-sync=line check media
	$(PY) -m testbed.medium
	$(PY) -m pytest -m '(vm or root) and not long' $(AT_ONCE)

# One after the other: they share what is built.
media:
	$(MAKE) iso
	$(MAKE) pxe

test-all: test
	$(PY) -m pytest -m long $(AT_ONCE)

# What fails is made again by its name: $(PY) -m testbed.every_cut --make NAME FILE
test-powercut: .venv/ready testbed-host iso
	$(PY) -m testbed.every_cut

bench: .venv/ready testbed-host iso pxe
	PYTHONPATH=.:tests $(PY) -m bench

-include image/image.mk
-include docs/docs.mk
-include tests/try.mk

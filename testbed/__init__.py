"""Virtual machines for 'make run' and for the tests: QEMU's command line, and a person at its serial console."""

"""Booted virtual machines, driven over the serial console like a person would."""

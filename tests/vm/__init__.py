"""Tests in virtual machines, driven over the serial console."""

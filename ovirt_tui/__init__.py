"""Installer and console of oVirt Node."""

__version__ = "0.1.0"

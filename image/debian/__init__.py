"""Debian: how its packages become a root tree, and where their boot files are."""

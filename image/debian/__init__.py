"""Debian: how its packages become a root tree, and where they keep what boots a machine."""

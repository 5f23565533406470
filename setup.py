"""Packaging; the settings of tools are in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

setup(
    name="ovirt-tui",
    version=re.search(r'__version__ = "(.*)"', Path("ovirt_tui/__init__.py").read_text())[1],
    description="Text-mode installer and console of oVirt Node",
    license="GPL-2.0-or-later",
    packages=find_packages(include=["ovirt_tui", "ovirt_tui.*", "bootmenu"]),
    package_data={"ovirt_tui": ["locale/*/LC_MESSAGES/*.mo"]},
    data_files=[
        ("share/man/man7", ["docs/man/ovirt-node-parameters.7"]),
        ("share/man/man8", ["docs/man/ovirt-tui.8"]),
        ("share/bash-completion/completions", ["docs/completion/ovirt-tui.bash"]),
    ],
    python_requires=">=3.11",
    install_requires=["urwid>=2.6"],
    entry_points={"console_scripts": ["ovirt-tui = ovirt_tui.__main__:main"]},
)

"""The model: sections by their type, settings by their path, and what means something."""

from typing import assert_type

import pytest

from ovirt_tui.features.order import defaults
from ovirt_tui.model.network import Hostname, VlanId
from ovirt_tui.model.secrets import Crypted
from ovirt_tui.model.selectors import NicSelector
from ovirt_tui.model.values import Ratio, parse, show
from ovirt_tui.pages.network.settings import IPv4Method, Network
from ovirt_tui.pages.security import Users


def test_a_section_is_found_by_its_type_and_a_setting_by_its_path() -> None:
    config = defaults().put("network.hostname", Hostname("node1"))
    assert_type(config[Network], Network)
    assert config[Network].hostname == config.get("network.hostname") == "node1"
    assert config.differences(defaults()) == (config.setting("network.hostname"),)
    with pytest.raises(KeyError):
        config.setting("network.hostnames")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("network.hostname", "node1"),
        ("network.vlan", 7),
        ("network.dns", ("192.0.2.1",)),
        ("network.ntp_enabled", None),
        ("users.admin_password", "$6$salt$hash"),
    ],
)
def test_a_value_of_another_type_does_not_get_in(path: str, value: object) -> None:
    with pytest.raises(TypeError, match=path):
        defaults().put(path, value)


def test_what_means_nothing_is_at_its_default() -> None:
    config = defaults().put("network.vlan", VlanId(7)).put("network.ipv4", IPv4Method.STATIC)
    assert config.effective() == defaults()
    on_eth0 = config.put("network.nic", NicSelector("eth0"))
    assert on_eth0.effective() == on_eth0


def test_secrets_are_not_public() -> None:
    config = defaults().with_section(Users(admin_password=Crypted("$6$salt$hash"), root_locked=True))
    assert config.public() == defaults().put("users.root_locked", True)
    assert {each.path for each in config.settings() if each.secret} == {
        "users.admin_password",
        "users.root_password",
        "users.boot_password",
    }


@pytest.mark.parametrize(
    "text", ["0", "0.5", "0.00001", "0.0000001234", "1000000000", "1.75", "0.00000005960464477539063"]
)
def test_a_ratio_is_shown_as_it_is_read(text: str) -> None:
    ratio = parse(Ratio, text)
    assert parse(Ratio, show(ratio)) == ratio == float(text)
    assert "e" not in show(ratio)


@pytest.mark.parametrize("text", ["9" * 10, "9" * 400, "1e3", "-1", "inf", "nan", ""])
def test_what_is_no_ratio(text: str) -> None:
    with pytest.raises(ValueError, match="must be a number such as"):
        parse(Ratio, text)

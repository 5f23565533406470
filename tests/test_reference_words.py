"""No word of the ancestors' reference is silently passed over.

Each is a parameter with an effect, or kept for the installed system, or it is about one boot only, or it is refused by
its name with what takes its place.
"""

from __future__ import annotations

import pytest

from machines import PLAIN
from ovirt_tui.autoinstall.cmdline import Reading, read, row
from ovirt_tui.autoinstall.request import PARAMETERS as OF_MODE
from ovirt_tui.autoinstall.understand import understand
from ovirt_tui.features.parameter import NOT_YET

MODE = (
    "install firstboot ovirt_firstboot reinstall upgrade ovirt_upgrade local_boot ovirt_local_boot uninstall "
    "standalone ovirt_standalone runtime_mode stateless ovirt_stateless rescue wipe_fakeraid"
)
NETWORK = "BOOTIF ip netmask gateway ipv6 dns nameserver ntp hostname vlan bond bond_setup network_layout"
STORAGE = (
    "storage_init ovirt_init storage_vol ovirt_vol mem_overcommit ovirt_overcommit swap_encrypt ovirt_swap_encrypt "
    "rdloaddriver iscsi_name iscsi_install iscsi_server iscsi_target_name iscsi_init"
)
NODE = (
    "adminpw rootpw ssh_pwauth use_strong_rng disable_aes_ni keyboard rd.vconsole.keymap vconsole.keymap syslog "
    "netconsole collectd logrotate_max_size logrotate_interval snmp_password cim_enabled enable_cim cim_passwd tuned "
    "kdump_nfs kdump_ssh kdump_ssh_key disable_kdump crashkernel nfsv4_domain rd.nfs.domain"
)
SERVICES = (
    "management_server managment_server ovirt_managment_server management_port management_server_port "
    "management_server_fingerprint rhevm_admin_password engine_admin_password ovirt_vdsm_disable rhn_type rhn_url "
    "rhn_ca_cert rhn_username rhn_password rhn_profile rhn_activationkey rhn_org rhn_environment rhn_proxy "
    "rhn_proxyuser rhn_proxypassword puppet_enabled puppet_server puppet_certname"
)
AFTER = "reboot_delay local_boot_trigger ovirt_early node.break node.log_level"
NEVER_MADE = "ovirt_net ovirt_auth_pw nopwprompt ovirt_runtime_mode"
OTHERS = (
    "console quiet rhgb nomodeset elevator max_loop processor.max_cstate rd_NO_LUKS rd_NO_MD rd.luks rd.md rd.dm "
    "selinux enforcing fips ifname biosdevname net.ifnames"
)
"""Words of the kernel and of dracut that the installed system has too."""
ONE_BOOT = (
    "BOOT_IMAGE initrd root rootfstype rootflags ro liveimg check rd.live.image linux single SYSUUID CPU rd.neednet "
    "rd.bootif rd.peerdns"
)
OTHERS_OF_ONE_BOOT = "bridge team bootdev rd.route netroot"
BESIDE = {
    "kdump_ssh_key": "kdump_ssh=root@192.0.2.9 kdump_ssh_key=own",
    "ovirt_vdsm_disable": "management_server=engine.example.com ovirt_vdsm_disable=yes",
}
"""Words that decide no setting of their own, on a line where they mean something."""
LATER = {"upgrade", "stateless", "bond"}
"""What a later version may do: the only ones that may be refused without a word about what to do instead."""


def heard(name: str) -> Reading:
    """A line with *name* alone, with an example for its value."""
    word = row(name)
    reading = read(f"{name}={word.example if word else 'x'}")
    reading.refuse()
    return reading


def complaints(reading: Reading, name: str) -> list[str]:
    return [each.text for each in reading.complaints if each.parameter == name]


@pytest.mark.parametrize("name", " ".join((MODE, NETWORK, STORAGE, NODE, SERVICES, AFTER, NEVER_MADE)).split())
def test_a_word_of_the_ancestors_does_what_it_says_or_is_refused_by_name(name: str) -> None:
    word, reading = row(name), heard(name)
    why = complaints(reading, name)
    if word and not word.coming:
        of_mode = word in [each for parameter in OF_MODE for each in parameter.words]
        assert word.fills or of_mode or reading.kept or name in BESIDE, "it has no effect"
        return
    assert why, "passed over in silence"
    if not word:
        assert len(why[0].split()) > 1
    elif str(NOT_YET()) in why[0]:
        assert word.name in LATER, "it is not said what takes its place"
    else:
        assert "no longer" in why[0] or "cannot be" in why[0]


@pytest.mark.parametrize("name", OTHERS.split())
def test_a_word_of_others_is_kept_for_the_installed_system(name: str) -> None:
    assert heard(name).kept


@pytest.mark.parametrize("name", OTHERS_OF_ONE_BOOT.split())
def test_what_is_of_one_boot_but_may_be_meant_for_the_node_is_noted(name: str) -> None:
    reading = heard(name)
    assert not reading.kept and not reading.complaints
    (note,) = [each.text for each in reading.notes if each.parameter == name]
    instead = note.rpartition(" ")[2]
    assert row(instead) is not None, note


@pytest.mark.parametrize("name", ONE_BOOT.split())
def test_what_is_of_one_boot_is_neither_kept_nor_refused(name: str) -> None:
    reading = heard(name)
    assert not reading.kept and not reading.complaints


@pytest.mark.parametrize("name", BESIDE)
def test_a_word_beside_another_is_taken(name: str) -> None:
    reading = read(BESIDE[name])
    reading.refuse()
    assert not reading.complaints and row(name) is not None


def test_a_word_that_asks_for_nothing_is_no_reason_to_refuse() -> None:
    for line in ("runtime_mode=none", "use_strong_rng=0", "standalone", "upgrade=no"):
        assert understand(read(line), PLAIN).complaints == (), line

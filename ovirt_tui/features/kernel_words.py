"""Words of the kernel, its drivers and dracut: which an installed node keeps, and which it never does.

What is kept stands in the boot menu and on the kernel line of the node for good, where everybody can read it.  So it is
a list of what is known to be harmless there, not a list of what is not; node.carry= names what an admin wants besides.
All names are written with _ where the kernel takes - for the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ovirt_tui.features.parameter import Refused
from ovirt_tui.i18n import N_
from ovirt_tui.machine.untrusted import holds_hash
from ovirt_tui.model import tokens
from ovirt_tui.model.problems import Kind

_WORDS = """
console consoleblank console_msg_format quiet debug loglevel ignore_loglevel log_buf_len earlycon earlyprintk
keep_bootcon no_console_suspend printk_delay boot_delay dyndbg initcall_debug initcall_blacklist rhgb splash vga
video nomodeset fbcon modprobe.blacklist module_blacklist rootdelay rootwait elevator max_loop raid nodmraid

crashkernel mem memmap hugepages hugepagesz default_hugepagesz hugepage_alloc_threads hugetlb_cma
hugetlb_free_vmemmap transparent_hugepage kernelcore movablecore movable_node memhp_default_state
memory_corruption_check memtest cma numa numa_balancing init_on_alloc init_on_free init_mlocked_on_free
page_poison page_owner page_alloc.shuffle slab_nomerge slub_debug slab_debug randomize_kstack_offset
stack_guard_gap vm_debug vmalloc zswap.enabled swapaccount cgroup_disable cgroup_enable cgroup_no_v1 cgroup.memory
psi highres reserve mtrr_gran_size mtrr_chunk_size enable_mtrr_cleanup disable_mtrr_cleanup mtrr_spare_reg_nr
nopat hardened_usercopy

mitigations spectre_v2 spectre_v2_user spectre_bhi spec_store_bypass_disable spec_rstack_overflow nospectre_v1
nospectre_v2 nospec_store_bypass_disable pti nopti kpti l1tf l1d_flush mds mmio_stale_data retbleed srbds
gather_data_sampling reg_file_data_sampling indirect_target_selection tsa vmscape tsx tsx_async_abort
kvm_intel.vmentry_l1d_flush split_lock_detect nosmap nosmep nokaslr clearcpuid setcpuid

nosmt smt maxcpus nr_cpus possible_cpus additional_cpus isolcpus nohz nohz_full rcu_nocbs rcu_nocb_poll rcu_normal
rcu_expedited threadirqs irqaffinity preempt skew_tick idle intel_pstate amd_pstate nohlt relax_domain_level
workqueue.power_efficient tsc clocksource hpet notsc no_timer_check nowatchdog watchdog_thresh nmi_watchdog
softlockup_panic hung_task_panic nosoftlockup panic panic_on_oops panic_on_warn panic_print oops panic_on_taint
mce mce_threshold apic noapic nolapic lapic nox2apic x2apic_phys no_x2apic_optout x2apic intremap nointremap
posted_msi noxsave noxsaveopt cpuidle.off cpufreq.default_governor

intel_iommu amd_iommu amd_iommu_dump amd_iommu_intr iommu swiotlb dma_debug forcedac pci pcie_aspm pcie_ports
pcie_port_pm pciehp.pciehp_force acpi acpi_osi acpi_enforce_resources acpi_rsdp acpi_sci acpi_no_memhotplug
acpi_backlight pnpacpi efi noefi add_efi_memmap reboot reset_devices iomem libata.force ghes.disable hest_disable
erst_disable bert_disable edac_report

biosdevname net.ifnames ifname netconsole netdev ipv6.disable ipv6.disable_ipv6 selinux enforcing apparmor audit
audit_backlog_limit fips lockdown ima ima_policy ima_appraise ima_hash ima_template evm integrity_audit
module.sig_enforce mem_encrypt kvm_amd.sev

systemd.unified_cgroup_hierarchy systemd.log_level systemd.show_status systemd.legacy_systemd_cgroup_controller
nomce
"""
WORDS = frozenset(_WORDS.split())
"""Parameters of the kernel, of what reads its line early, and of systemd."""

_MODULES = """
8250 8250_pci acpi acpi_cpufreq acpi_pad ahci amd64_edac amd_pstate amd_uncore apparmor ast be2net be2iscsi bnx2
bnx2fc bnx2i bnx2x bnxt_en bnxt_re bonding bridge block button ccp cciss cdc_ether cpufreq cpuidle csiostor cxgb3
cxgb4 cxgb4i cxgb4vf cxl_core dm_crypt dm_mod dm_multipath dm_thin_pool drbd drm drm_kms_helper dummy e1000 e1000e
edac_core efi_pstore ehci_hcd ena enic esas2r ext4 fcoe fnic forcedeth fuse gve hpilo hpsa hpwdt hv_netvsc
hv_storvsc hv_vmbus hid i2c_core i40e i6300esb iavf ib_core ib_ipoib ib_srp ice idxd igb igbvf igc intel_idle
intel_rapl_common ioatdma iommu iommufd ipmi_si ipmi_ssif ipmi_watchdog ipmi_msghandler ipv6 iTCO_wdt iscsi_tcp
isci ixgb ixgbe ixgbevf k10temp kvm kvm_amd kvm_intel libata libiscsi loop lpfc macsec macvlan mce_amd mdio
megaraid_sas mgag200 mlx4_core mlx4_en mlx4_ib mlx5_core mlx5_ib mmc_block mmc_core mpi3mr mpt2sas mpt3sas mptsas
mvsas nbd nf_conntrack nfs nfsd ntb nvme nvme_core nvme_fabrics nvme_fc nvme_rdma nvme_tcp nvmet openvswitch
overlay page_alloc pcie_aspm pciehp pm80xx printk processor qat_4xxx qed qede qedf qedi qedr qla2xxx qla4xxx
qlcnic r8169 rcupdate rcutree rcu raid1 raid456 rdma_cm sata_mv sata_nv scsi_dh_alua scsi_mod scsi_transport_fc
scsi_transport_iscsi sd_mod sdhci sdhci_acpi sdhci_pci sfc sg shpchp siw smartpqi snic spurious squashfs ses st
sunrpc tcm_loop target_core_mod tg3 thermal thunderbolt tpm tpm_tis tun uas uhci_hcd usb_storage usbcore usbhid
vfio vfio_iommu_type1 vfio_pci vfio_pci_core vhost vhost_net vhost_scsi vhost_vsock virtio_balloon virtio_blk
virtio_mmio virtio_net virtio_pci virtio_scsi vmd vmw_pvscsi vmxnet3 watchdog workqueue xen xen_blkfront
xen_netfront xfs xhci_hcd xhci_pci zram zswap 3w_9xxx 3w_sas aacraid aic7xxx aic94xx arcmsr ata_piix atlantic bfa
bna hisi_sas ips mtip32xx myrb nicvf pata_amd stex sym53c8xx initio ipr
"""
MODULES = frozenset(_MODULES.split())
"""Drivers and parts of the kernel, each of whose parameters is kept: MODULE.PARAMETER=VALUE."""

_DRACUT = """
rd.driver.pre rd.driver.post rd.driver.blacklist rd.luks rd.md rd.dm rd.multipath rd.nvmf rd.timeout rd.retry rd.fips
rd.udev.log_level rd.memdebug rd.info rd_no_luks rd_no_md rd_no_dm rd_no_lvm rd_no_multipath rdloaddriver rdblacklist
rdinfo
"""
DRACUT = frozenset(_DRACUT.split())
"""Words of dracut, in small letters."""

_SYSTEMD = """
unit wants mask debug_shell default_debug_tty import_credentials setenv confirm_spawn mount_extra swap_extra
"""
_ONE_BOOT = """
BOOT_IMAGE initrd check linux liveimg root rootfstype rootflags ro rw single emergency s S 1 2 3 4 5 CPU netroot bootdev
bridge team ks ksdevice lsm init rdinit _b node.slot node.vg node.app node.disk node.appdisk node.dump
node.multipath node.iscsi node.trial node.verity node.verity.blocks
rd.neednet rd.bootif rd.peerdns rd.route rd.break rd.shell rd.emergency rd.debug rd.rescue rd.lvm rd.auto
"""
ONE_BOOT = frozenset((*_ONE_BOOT.split(), *(f"{rd}systemd.{name}" for rd in ("", "rd.") for name in _SYSTEMD.split())))
"""Words that describe or steer one boot, or the medium itself, or open a door on it: dropped.

rd.lvm and rd.auto would have every initrd of the node activate what it finds on disks of others: what mode.sh says
against that stands before the kernel line, and the last one counts.
"""
_STARTS = "run set_credential crash_"
ONE_BOOT_STARTS = (
    *("rd.live.", "rd.overlay", "rd.net.", "rd.iscsi.", "inst."),
    *(f"{rd}systemd.{start}" for rd in ("", "rd.") for start in _STARTS.split()),
)
"""How others of them begin."""
FIRMWARE = ("SYS", "MB", "BIOS")
"""How words begin, all in capitals, by which PXELINUX says what machine this is."""

INSTEAD = {
    "bridge": "network_layout",
    "team": "bond",
    "bootdev": "BOOTIF",
    "rd.route": "gateway",
    "netroot": "iscsi_server",
}
"""Of these, those that somebody may mean for the node itself: the word that says it."""

SECRETS: tuple[str, ...] = ("passwd", "password", "passphrase", "secret", "token", "apikey", "api_key", "psk")
SECRETS += ("credential", "privatekey", "private_key")
SECRET_ENDS = ("pass", "pw", "pwd", "key")
"""What is in the names under which people hand over a password, and the last part of them."""
NAME = r"[A-Za-z0-9_.]+"
CARRY = "node.carry"


def is_known(key: str) -> bool:
    """Say whether the installed system keeps a word of this name without being told to."""
    module, dot, parameter = key.partition(".")
    return key in WORDS or key.lower() in DRACUT or bool(dot and parameter and module in MODULES)


def is_of_one_boot(key: str) -> bool:
    """Say whether a word of this name is about this boot only."""
    of_firmware = key.startswith(FIRMWARE) and key not in FIRMWARE and key.isascii() and key.isalpha() and key.isupper()
    return of_firmware or key in ONE_BOOT or key.startswith(ONE_BOOT_STARTS)


def names_secret(key: str) -> bool:
    """Say whether a word of this name hands over a password."""
    name = key.lower().removesuffix("\n")
    for part in SECRETS:
        if part in name:
            return True
    if name.endswith(("adminpass", "rootpass", "userpass")):
        return True
    return name.replace("_", ".").rpartition(".")[2] in SECRET_ENDS


def never_kept(line: str) -> Iterator[str]:
    """The names of the words in *line* that no installed node may have on its own, whoever names them."""
    for word in tokens.split(line):
        secret = holds_hash(word.text) or (word.value is not None and names_secret(word.key) and not is_known(word.key))
        if secret or is_of_one_boot(word.key) or '"' in word.text:
            yield word.name


NO_NAMES = Kind("no-names-of-words", N_("not a list of names of kernel words"))
NOT_CARRIED = Kind("word-not-carried", N_("{name} is never kept for the installed system"))


def carry(text: str) -> tuple[str, ...]:
    """Names of words that are kept although they are not known."""
    names = tuple(text.replace("-", "_").split(","))
    for name in names:
        if not re.fullmatch(NAME, name):
            raise Refused(NO_NAMES())
        if is_of_one_boot(name) or names_secret(name):
            raise Refused(NOT_CARRIED(name=name))
    return names

# Guests are confined: libvirt starts none without a profile of its own.  Only libvirt's AppArmor profiles stay,
# compiled here, for the kernel features that Debian pins, so that no boot has to.
cd /etc/apparmor.d
for file in *; do
    case $file in
        *libvirt*) ;;
        *) [ -d "$file" ] || rm -f "$file" ;;
    esac
done
printf '%s\n' '/data/** r,' '/data2/** r,' >> local/usr.lib.libvirt.virt-aa-helper
mkdir -p /usr/share/ovirt-node
features=/usr/share/apparmor-features/features
apparmor_parser --skip-kernel-load --skip-cache --policy-features="$features" --kernel-features="$features" \
    --ofile=/usr/share/ovirt-node/confinement usr.sbin.libvirtd
apparmor_parser --skip-kernel-load --skip-cache --policy-features="$features" --kernel-features="$features" \
    --ofile=/usr/share/ovirt-node/confinement-helper usr.lib.libvirt.virt-aa-helper
cat >> /etc/libvirt/qemu.conf <<'END'

# oVirt Node: a guest runs under an AppArmor profile of its own, or not at all.
security_driver = "apparmor"
security_default_confined = 1
security_require_confined = 1
END

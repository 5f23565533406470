# Somebody waits at a page for what a portal offers: one that is silent is given up after 20 s, not after 90.
cat >> /etc/iscsi/iscsid.conf << END

# Of this node: limits of discovery.
discovery.sendtargets.timeo.login_timeout = 10
discovery.sendtargets.reopen_max = 1
END

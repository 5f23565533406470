# Somebody waits at a page for what a portal offers: one that is silent is given up after 20 s, not after 90.
cat >> /etc/iscsi/iscsid.conf << END

# Of this node: limits of discovery.
discovery.sendtargets.timeo.login_timeout = 10
discovery.sendtargets.reopen_max = 1
# A session of the initrd is opened again with these, whatever its record says.
node.session.auth.chap_algs = SHA3-256,SHA1,MD5
END

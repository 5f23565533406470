# Failed logins over the network are counted separately: an attacker there must not lock people out of the console.
sed -i 's/^@include common-auth$/@include ovirt-node-remote-auth/' /etc/pam.d/sshd
grep -q '^@include ovirt-node-remote-auth$' /etc/pam.d/sshd

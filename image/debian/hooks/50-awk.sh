# gawk, which tuned brings, is purged: awk stays mawk.
update-alternatives --set awk /usr/bin/mawk

# Of collectd's plug-ins those stay that measure a node, its services and its guests, or that send, write and judge what
# was measured: an admin may load more of them than the node does.
cd /usr/lib/collectd
for file in *.so; do
    case ${file%.so} in
        # what /etc/collectd/collectd.conf and the pages load
        cpu | disk | interface | load | memory | network | syslog | virt) ;;
        # processors, memory, kernel
        cgroups | contextswitch | cpufreq | cpusleep | entropy | hugepages | irq | mcelog | numa | pcie_errors) ;;
        swap | thermal | turbostat | uptime | vmem) ;;
        # storage, network, services
        buddyinfo | chrony | conntrack | df | ethstat | infiniband | ipc | md | netlink | nfs | ovs_* | protocols | tcpconns) ;;
        fhcount | filecount | processes | users) ;;
        # what is done with values
        aggregation | csv | exec | logfile | match_* | target_* | threshold | unixsock | write_graphite) ;;
        write_http | write_influxdb_udp | write_log) ;;
        *) rm "$file" ;;
    esac
done

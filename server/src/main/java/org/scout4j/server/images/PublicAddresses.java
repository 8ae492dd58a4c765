package org.scout4j.server.images;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses belong to the public internet (spec "Threats" §2, server-side fetch; IANA's
 * registries of special-purpose addresses). Of IPv6 only global unicast counts: what maps, wraps or
 * translates an IPv4 address is refused whichever address that is.
 */
final class PublicAddresses {
    private static final List<Block> SPECIAL_V4 =
            blocks(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // carrier-grade NAT
                    "127.0.0.0/8", // loopback
                    "169.254.0.0/16", // link-local, clouds' metadata
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.88.99.0/24", // 6to4 relays
                    "192.168.0.0/16", // private
                    "198.18.0.0/15", // benchmarking
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/4", // multicast
                    "240.0.0.0/4"); // reserved, broadcast
    private static final List<Block> GLOBAL_V6 = blocks("2000::/3");
    private static final List<Block> SPECIAL_V6 =
            blocks(
                    "2001::/23", // protocol assignments: Teredo, benchmarking, ORCHID
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4
                    "3fff::/20"); // documentation

    private PublicAddresses() {}

    /** Addresses that begin with the same bits. */
    private record Block(InetAddress first, int bits) {
        boolean has(InetAddress address) {
            byte[] prefix = first.getAddress();
            byte[] bytes = address.getAddress();
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit & 7);
                if (((prefix[bit >> 3] ^ bytes[bit >> 3]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private static List<Block> blocks(String... cidrs) {
        return Stream.of(cidrs)
                .map(cidr -> {
                    int slash = cidr.indexOf('/');
                    return new Block(
                            InetAddress.ofLiteral(cidr.substring(0, slash)),
                            Integer.parseInt(cidr.substring(slash + 1)));
                })
                .toList();
    }

    /** Whether anybody on the internet may be asked at this address. */
    static boolean has(InetAddress address) {
        return address instanceof Inet4Address
                ? !within(SPECIAL_V4, address)
                : within(GLOBAL_V6, address) && !within(SPECIAL_V6, address);
    }

    private static boolean within(List<Block> blocks, InetAddress address) {
        return blocks.stream().anyMatch(block -> block.has(address));
    }
}

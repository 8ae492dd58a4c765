package org.scout4j.server.images;

import java.net.InetAddress;
import org.apache.hc.client5.http.DnsResolver;

/** Answers with the one address that has been checked; nobody looks the name up again. */
record PinnedAddress(InetAddress address) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) {
        return new InetAddress[] {address};
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}

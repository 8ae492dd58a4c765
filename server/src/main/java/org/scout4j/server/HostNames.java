package org.scout4j.server;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * Which Host headers a server without keys answers to: a page in a browser must not reach it under
 * a name of its own (spec "Threats" §4, DNS rebinding).
 */
record HostNames(String configured) {

    /** Whether an address can only be reached from this machine. */
    static boolean loopback(String host) {
        return named(host) || literal(host).map(InetAddress::isLoopbackAddress).orElse(false);
    }

    private static boolean named(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.equals("localhost") || lower.endsWith(".localhost");
    }

    /** An address given in digits; names are not looked up. */
    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether a request with this Host header is meant for us. */
    boolean ours(Optional<String> header) {
        if (header.isEmpty()) {
            return false;
        }
        String host = withoutPort(header.get());
        boolean everywhere = literal(configured).map(InetAddress::isAnyLocalAddress).orElse(false);
        return everywhere || host.equalsIgnoreCase(configured) || loopback(host);
    }

    private static String withoutPort(String header) {
        String text = header.strip();
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? text : text.substring(1, end);
        }
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon);
    }
}

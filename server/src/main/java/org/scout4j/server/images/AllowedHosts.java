package org.scout4j.server.images;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.scout4j.error.InvalidRequest;

/**
 * The hosts that images are fetched from, each with its port. A URL is parsed here, once; what
 * leaves is written anew from its parts, so that nobody after this can read it in another way.
 */
final class AllowedHosts {
    private static final int HTTPS = 443;
    private static final int LAST_PORT = 65_535;
    private static final int LONGEST_NAME = 253;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_URL = 8_192;

    private final Set<Place> places = new HashSet<>();

    private record Place(String host, int port) {}

    /**
     * Reads what the operator wrote.
     *
     * @param hosts each {@code HOST} or {@code HOST:PORT}, exact names without wildcards
     * @throws InvalidRequest if one is no such name
     */
    AllowedHosts(List<String> hosts) {
        hosts.forEach(host -> places.add(place(host)));
    }

    private static Place place(String written) {
        int colon = written.indexOf(':');
        String host = (colon < 0 ? written : written.substring(0, colon)).toLowerCase(Locale.ROOT);
        int port = colon < 0 ? HTTPS : port(written.substring(colon + 1));
        if (!name(host) || port == 0) {
            throw new InvalidRequest(
                    "allow-image-hosts",
                    "'" + written + "' is no host that images can be fetched from.",
                    "Name hosts exactly, as in images.example.org or images.example.org:8443;"
                            + " no addresses, no wildcards.");
        }
        return new Place(host, port);
    }

    private static int port(String digits) {
        try {
            int port = Integer.parseInt(digits);
            return port > 0 && port <= LAST_PORT ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether it is a name, in letters that DNS has, and cannot be read as an address. */
    private static boolean name(String host) {
        if (host.isEmpty() || host.length() > LONGEST_NAME) {
            return false;
        }
        String[] labels = host.split("\\.", -1);
        for (String label : labels) {
            boolean hyphens = label.startsWith("-") || label.endsWith("-");
            if (label.isEmpty() || label.length() > LONGEST_LABEL || hyphens) {
                return false;
            }
            for (int i = 0; i < label.length(); i++) {
                char c = label.charAt(i);
                if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                    return false;
                }
            }
        }
        // No top-level domain begins with a digit; what does is an address in some notation.
        return !Character.isDigit(labels[labels.length - 1].charAt(0));
    }

    /** Whether there are none. */
    boolean none() {
        return places.isEmpty();
    }

    /** Where to fetch from, if the URL may be fetched. */
    Optional<URI> admit(String url) {
        if (url.length() > LONGEST_URL) {
            return Optional.empty();
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        if (!"https".equalsIgnoreCase(uri.getScheme())
                || uri.getHost() == null
                || uri.getRawUserInfo() != null) {
            return Optional.empty();
        }
        int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
        Place place = new Place(uri.getHost().toLowerCase(Locale.ROOT), port);
        return places.contains(place) ? Optional.of(rewritten(place, uri)) : Optional.empty();
    }

    private static URI rewritten(Place place, URI uri) {
        String authority = place.port() == HTTPS ? place.host() : place.host() + ":" + place.port();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create(URI.create("https://" + authority + path + query).toASCIIString());
    }
}

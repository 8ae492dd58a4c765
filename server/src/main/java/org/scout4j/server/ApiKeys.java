package org.scout4j.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a server, kept as SHA-256 digests and compared in constant time (spec "Threats" §4).
 */
final class ApiKeys {
    private static final int LONGEST = 256; // spec "Reliability" L-27
    private static final String SCHEME = "Bearer ";

    private final List<byte[]> digests;
    private final List<byte[]> accounts;

    /**
     * @param accounts ids that paths may name; empty = any
     */
    ApiKeys(List<String> keys, List<String> accounts) {
        this.digests = keys.stream().map(ApiKeys::digest).toList();
        this.accounts = accounts.stream().map(ApiKeys::digest).toList();
    }

    /** Whether no key is asked for. */
    boolean open() {
        return digests.isEmpty();
    }

    /**
     * The digest of the key in an Authorization header, if it is one of ours and so is the account:
     * who asks with a wrong one of either learns not which.
     *
     * @param account the one that the path names
     */
    Optional<String> tenant(Optional<String> authorization, Optional<String> account) {
        boolean served =
                accounts.isEmpty() || account.map(id -> among(accounts, digest(id))).orElse(true);
        return known(authorization).filter(tenant -> served);
    }

    private Optional<String> known(Optional<String> authorization) {
        if (authorization.isEmpty()
                || !authorization.get().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String key = authorization.get().substring(SCHEME.length()).strip();
        if (key.isEmpty() || key.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] given = digest(key);
        return among(digests, given)
                ? Optional.of(HexFormat.of().formatHex(given))
                : Optional.empty();
    }

    private static boolean among(List<byte[]> known, byte[] given) {
        boolean found = false;
        for (byte[] digest : known) {
            found |= MessageDigest.isEqual(digest, given); // all are compared, whichever matches
        }
        return found;
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

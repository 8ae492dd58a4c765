package org.scout4j.server.completions;

import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What all parts of one reply share.
 *
 * @param created seconds since 1970
 * @param model the name that the client used
 * @param fingerprint build and seed: what repeats the answer
 */
record Envelope(String id, long created, String model, String fingerprint) {

    static Envelope of(String id, String model, String build, long seed) {
        String fingerprint = "fp_" + build + "_" + Long.toHexString(seed).toLowerCase(Locale.ROOT);
        return new Envelope(id, System.currentTimeMillis() / 1000, model, fingerprint);
    }

    /** A reply or chunk without choices. */
    ObjectNode open(String object) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model)
                .put("system_fingerprint", fingerprint);
    }
}

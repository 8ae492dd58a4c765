package org.scout4j.grammar.schema;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A schema with an identifier of its own, which references inside are relative to. */
final class Resource {
    private final JsonNode root;
    private final Place place;
    private final String uri;
    private final Map<String, Target> anchors = new HashMap<>();
    private final Map<String, Target> dynamicAnchors = new HashMap<>();

    /** A schema that a reference can lead to. */
    record Target(JsonNode node, Place place, Resource resource) {}

    Resource(JsonNode root, Place place, String uri) {
        this.root = root;
        this.place = place;
        this.uri = uri;
    }

    Target target() {
        return new Target(root, place, this);
    }

    /** Its absolute URI; empty for a document without one. */
    String uri() {
        return uri;
    }

    Map<String, Target> anchors() {
        return anchors;
    }

    Map<String, Target> dynamicAnchors() {
        return dynamicAnchors;
    }
}

package org.scout4j.grammar.schema;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.schema.Resource.Target;
import tools.jackson.databind.JsonNode;

/** Finds the schemas that references lead to, all within one document. */
final class Resources {
    /** How a keyword holds schemas. */
    private enum Holds {
        ONE,
        LIST,
        MAP
    }

    /** The recursive anchor of 2019-09, as a dynamic anchor without a name. */
    static final String RECURSIVE = "";

    private static final Map<String, Holds> APPLICATORS =
            Map.ofEntries(
                    Map.entry("additionalProperties", Holds.ONE),
                    Map.entry("additionalItems", Holds.ONE),
                    Map.entry("items", Holds.ONE),
                    Map.entry("contains", Holds.ONE),
                    Map.entry("not", Holds.ONE),
                    Map.entry("if", Holds.ONE),
                    Map.entry("then", Holds.ONE),
                    Map.entry("else", Holds.ONE),
                    Map.entry("propertyNames", Holds.ONE),
                    Map.entry("unevaluatedItems", Holds.ONE),
                    Map.entry("unevaluatedProperties", Holds.ONE),
                    Map.entry("contentSchema", Holds.ONE),
                    Map.entry("allOf", Holds.LIST),
                    Map.entry("anyOf", Holds.LIST),
                    Map.entry("oneOf", Holds.LIST),
                    Map.entry("prefixItems", Holds.LIST),
                    Map.entry("properties", Holds.MAP),
                    Map.entry("patternProperties", Holds.MAP),
                    Map.entry("$defs", Holds.MAP),
                    Map.entry("definitions", Holds.MAP),
                    Map.entry("dependentSchemas", Holds.MAP),
                    Map.entry("dependencies", Holds.MAP));

    private final Draft draft;
    private final CompileBudget budget;
    private final Resource root;
    private final Map<JsonNode, Resource> byRoot = new IdentityHashMap<>();
    private final Map<String, Resource> byUri = new HashMap<>();
    private boolean dynamic;

    Resources(JsonNode document, Draft draft, CompileBudget budget) {
        this.draft = draft;
        this.budget = budget;
        String id = identifier(document);
        root = new Resource(document, Place.ROOT, id == null ? "" : withoutFragment(id));
        byRoot.put(document, root);
        byUri.put(root.uri(), root);
        index();
    }

    Resource root() {
        return root;
    }

    /** Whether the document has anchors that dynamic references look for. */
    boolean dynamic() {
        return dynamic;
    }

    /** The resource of a schema inside another resource. */
    Resource at(JsonNode node, Resource around) {
        Resource own = byRoot.get(node);
        return own == null ? around : own;
    }

    private @Nullable String identifier(JsonNode schema) {
        JsonNode id = schema.get(draft.identifier());
        boolean applies =
                id != null
                        && id.isString()
                        && !(draft.refAlone()
                                && schema.has("$ref")
                                && schema.get("$ref").isString());
        return applies ? id.stringValue() : null;
    }

    private static String withoutFragment(String uri) {
        int hash = uri.indexOf('#');
        return hash < 0 ? uri : uri.substring(0, hash);
    }

    private void index() {
        ArrayDeque<Target> stack = new ArrayDeque<>();
        stack.push(root.target());
        while (!stack.isEmpty()) {
            Target target = stack.pop();
            if (!target.node().isObject()) {
                continue;
            }
            budget.step();
            Resource resource = named(target);
            for (Map.Entry<String, JsonNode> entry : target.node().properties()) {
                Holds holds = APPLICATORS.get(entry.getKey());
                if (holds != null) {
                    push(
                            entry.getValue(),
                            target.place().at(entry.getKey()),
                            holds,
                            resource,
                            stack);
                }
            }
        }
    }

    private static void push(
            JsonNode value, Place place, Holds holds, Resource resource, ArrayDeque<Target> stack) {
        if (value.isArray() && holds != Holds.MAP) {
            for (int index = 0; index < value.size(); index++) {
                stack.push(new Target(value.get(index), place.at(index), resource));
            }
        } else if (value.isObject() && holds == Holds.MAP) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                stack.push(new Target(entry.getValue(), place.at(entry.getKey()), resource));
            }
        } else if (value.isObject() && holds == Holds.ONE) {
            stack.push(new Target(value, place, resource));
        }
    }

    /** Notes the identifier and the anchors of a schema; the resource of what is inside it. */
    private Resource named(Target target) {
        JsonNode schema = target.node();
        Resource resource = target.resource();
        String id = identifier(schema);
        if (id != null && id.startsWith("#")) {
            resource.anchors().putIfAbsent(id.substring(1), target);
        } else if (id != null && schema != root.target().node()) {
            String uri = resolve(resource.uri(), withoutFragment(id));
            resource = new Resource(schema, target.place(), uri);
            byRoot.put(schema, resource);
            byUri.putIfAbsent(uri, resource);
        }
        Target own = new Target(schema, target.place(), resource);
        JsonNode anchor = schema.get("$anchor");
        if (anchor != null && anchor.isString()) {
            resource.anchors().putIfAbsent(anchor.stringValue(), own);
        }
        JsonNode dynamicAnchor = schema.get("$dynamicAnchor");
        if (dynamicAnchor != null && dynamicAnchor.isString()) {
            resource.anchors().putIfAbsent(dynamicAnchor.stringValue(), own);
            resource.dynamicAnchors().putIfAbsent(dynamicAnchor.stringValue(), own);
            dynamic = true;
        }
        JsonNode recursive = schema.get("$recursiveAnchor");
        if (recursive != null && recursive.isBoolean() && recursive.booleanValue()) {
            resource.dynamicAnchors().putIfAbsent(RECURSIVE, own);
            dynamic = true;
        }
        return resource;
    }

    private static String resolve(String base, String reference) {
        if (base.isEmpty()) {
            return reference;
        }
        try {
            return URI.create(base).resolve(reference).toString();
        } catch (IllegalArgumentException notUris) {
            return reference;
        }
    }

    /**
     * Where a reference leads; null if it leads out of the document.
     *
     * @param at where the reference stands, for complaints
     */
    @Nullable Target find(String reference, Resource from, Place at, String keyword) {
        String uri = withoutFragment(reference);
        Resource resource = uri.isEmpty() ? from : byUri.get(resolve(from.uri(), uri));
        if (resource == null) {
            return null;
        }
        String fragment =
                reference.length() <= uri.length() + 1
                        ? ""
                        : decoded(reference.substring(uri.length() + 1));
        Target target;
        if (fragment.isEmpty()) {
            target = resource.target();
        } else if (fragment.startsWith("/")) {
            target = follow(fragment, resource);
        } else {
            target = resource.anchors().get(fragment);
        }
        if (target == null) {
            throw at.invalid(keyword, "\"" + keyword + "\" leads to nothing in this schema.");
        }
        return target;
    }

    private static String decoded(String fragment) {
        if (fragment.indexOf('%') < 0) {
            return fragment;
        }
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException badEscape) {
            return fragment;
        }
    }

    private @Nullable Target follow(String pointer, Resource start) {
        Target target = start.target();
        for (int from = 1; from <= pointer.length(); ) {
            int slash = pointer.indexOf('/', from);
            int to = slash < 0 ? pointer.length() : slash;
            String segment = pointer.substring(from, to).replace("~1", "/").replace("~0", "~");
            JsonNode next =
                    target.node().isArray()
                            ? item(target.node(), segment)
                            : target.node().get(segment);
            if (next == null) {
                return null;
            }
            target = new Target(next, target.place().at(segment), at(next, target.resource()));
            from = to + 1;
        }
        return target;
    }

    private static @Nullable JsonNode item(JsonNode list, String segment) {
        int index = 0;
        for (int at = 0; at < segment.length(); at++) {
            char digit = segment.charAt(at);
            if (digit < '0' || digit > '9' || at > 6) {
                return null;
            }
            index = index * 10 + digit - '0';
        }
        return segment.isEmpty() ? null : list.get(index);
    }
}

package org.scout4j.server.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields that an endpoint knows. They are read in the order of the document, so that the first
 * fault of it is the one told; null counts as absent.
 *
 * @param <T> what collects the values
 */
public final class FieldTable<T> {
    private final Map<String, Reader<T>> readers = new HashMap<>();

    /** Reads one field. */
    public interface Reader<T> {
        /**
         * Reads it.
         *
         * @throws ProblemException if it is not what it must be
         */
        void read(T draft, JsonValue value);
    }

    /** Adds a field; a later word about it replaces an earlier one. */
    public FieldTable<T> field(String name, Reader<T> reader) {
        readers.put(name, reader);
        return this;
    }

    /** Adds fields that are known and change nothing. */
    public FieldTable<T> inert(String... names) {
        for (String name : names) {
            readers.put(name, (draft, value) -> {});
        }
        return this;
    }

    /** Adds fields that would change the answer and are not offered. */
    public FieldTable<T> refused(String why, String... names) {
        for (String name : names) {
            readers.put(
                    name,
                    (draft, value) -> {
                        throw value.unsupported(why);
                    });
        }
        return this;
    }

    /** Adds the fields of another table, whose draft is a part of this one's. */
    public <P> FieldTable<T> under(Function<T, P> part, FieldTable<P> other) {
        other.readers.forEach((name, reader) ->
                field(name, (draft, value) -> reader.read(part.apply(draft), value)));
        return this;
    }

    /**
     * Reads an object.
     *
     * @param strict whether unknown fields are refused
     * @return the names of unknown fields
     * @throws ProblemException for the first field that is not what it must be
     */
    public List<String> read(ObjectNode body, T draft, boolean strict) {
        List<String> unknown = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : body.properties()) {
            Reader<T> reader = readers.get(entry.getKey());
            if (reader == null) {
                if (strict) {
                    throw unknown(entry.getKey());
                }
                unknown.add(entry.getKey());
            } else if (!entry.getValue().isNull()) {
                reader.read(draft, new JsonValue(entry.getKey(), entry.getValue()));
            }
        }
        return unknown;
    }

    private static ProblemException unknown(String name) {
        String shown = Problems.quoted(name);
        return new ProblemException(
                Problems.invalid(
                        shown, "unknown_parameter", "There is no parameter '" + shown + "'."));
    }
}

package org.scout4j;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.InvalidRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Schema of a record, as Jackson reads such records. Nested records are definitions, so
 * that they may contain themselves.
 */
final class RecordSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final Map<Class<?>, String> FORMATS =
            Map.of(
                    LocalDate.class, "date",
                    Instant.class, "date-time",
                    OffsetDateTime.class, "date-time",
                    OffsetTime.class, "time",
                    UUID.class, "uuid",
                    URI.class, "uri");

    /** What a {@link Duration} can be: no years and months, unlike the format "duration". */
    private static final String DURATION =
            "^P([0-9]{1,9}D|([0-9]{1,9}D)?T([0-9]{1,9}H([0-9]{1,9}M)?([0-9]{1,9}S)?"
                    + "|[0-9]{1,9}M([0-9]{1,9}S)?|[0-9]{1,9}S))$";

    private static final Map<Class<?>, long[]> INTEGERS = integers();

    private final Map<Class<?>, String> names = new HashMap<>();
    private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();

    private RecordSchema() {}

    static JsonNode of(Class<? extends Record> type) {
        RecordSchema schema = new RecordSchema();
        ObjectNode root = schema.reference(type);
        ObjectNode definitions = root.putObject("$defs");
        schema.definitions.forEach(definitions::set);
        return root;
    }

    /** The same with the record itself in front, as parameters of functions are written. */
    static ObjectNode inlined(Class<? extends Record> type) {
        RecordSchema schema = new RecordSchema();
        String reference = schema.reference(type).path("$ref").asString();
        ObjectNode definition = schema.definitions.values().iterator().next();
        ObjectNode root = definition.deepCopy();
        if (!schema.refersTo(reference)) {
            schema.definitions.remove(reference.substring(reference.lastIndexOf('/') + 1));
        }
        if (!schema.definitions.isEmpty()) {
            ObjectNode definitions = root.putObject("$defs");
            schema.definitions.forEach(definitions::set);
        }
        return root;
    }

    private boolean refersTo(String reference) {
        return definitions.values().stream()
                .flatMap(definition -> definition.findValues("$ref").stream())
                .anyMatch(found -> found.asString().equals(reference));
    }

    private static Map<Class<?>, long[]> integers() {
        Map<Class<?>, long[]> ranges = new HashMap<>();
        for (Class<?> type : new Class<?>[] {byte.class, Byte.class}) {
            ranges.put(type, new long[] {Byte.MIN_VALUE, Byte.MAX_VALUE});
        }
        for (Class<?> type : new Class<?>[] {short.class, Short.class}) {
            ranges.put(type, new long[] {Short.MIN_VALUE, Short.MAX_VALUE});
        }
        for (Class<?> type : new Class<?>[] {int.class, Integer.class}) {
            ranges.put(type, new long[] {Integer.MIN_VALUE, Integer.MAX_VALUE});
        }
        for (Class<?> type : new Class<?>[] {long.class, Long.class}) {
            ranges.put(type, new long[] {Long.MIN_VALUE, Long.MAX_VALUE});
        }
        return Map.copyOf(ranges);
    }

    private ObjectNode reference(Class<?> type) {
        String name = names.get(type);
        if (name == null) {
            name = unusedName(type.getSimpleName());
            names.put(type, name);
            ObjectNode definition = JSON.objectNode();
            definitions.put(name, definition); // before its components, which may refer to it
            describe(type, definition);
        }
        return JSON.objectNode().put("$ref", "#/$defs/" + name);
    }

    private String unusedName(String simple) {
        String name = simple;
        for (int i = 2; definitions.containsKey(name); i++) {
            name = simple + i;
        }
        return name;
    }

    private void describe(Class<?> record, ObjectNode definition) {
        definition.put("type", "object");
        ObjectNode properties = definition.putObject("properties");
        ArrayNode required = definition.putArray("required");
        for (RecordComponent component : record.getRecordComponents()) {
            String where = record.getSimpleName() + "." + component.getName();
            JsonProperty renamed = annotation(component, JsonProperty.class);
            String name =
                    renamed == null || renamed.value().isEmpty()
                            ? component.getName()
                            : renamed.value();
            ObjectNode schema = schema(component.getAnnotatedType(), where);
            JsonPropertyDescription description =
                    annotation(component, JsonPropertyDescription.class);
            if (description != null) {
                schema.put("description", description.value());
            }
            properties.set(name, schema);
            required.add(name);
        }
        definition.put("additionalProperties", false);
    }

    /** An annotation that does not apply to components themselves sits on their accessors. */
    private static <A extends Annotation> @Nullable A annotation(
            RecordComponent component, Class<A> type) {
        for (AnnotatedElement element :
                new AnnotatedElement[] {component, component.getAccessor()}) {
            A found = element.getAnnotation(type);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private ObjectNode schema(AnnotatedType type, String where) {
        ObjectNode schema = schema(type.getType(), type, where);
        return type.isAnnotationPresent(Nullable.class) ? orNull(schema) : schema;
    }

    private static ObjectNode orNull(ObjectNode schema) {
        ObjectNode either = JSON.objectNode();
        either.putArray("anyOf").add(schema).add(JSON.objectNode().put("type", "null"));
        return either;
    }

    private ObjectNode schema(Type type, AnnotatedType annotated, String where) {
        if (type instanceof Class<?> simple) {
            return simple.isArray()
                    ? list(schema(simple.getComponentType(), annotated, where))
                    : simple(simple, where);
        }
        if (type instanceof GenericArrayType array) {
            return list(schema(array.getGenericComponentType(), annotated, where));
        }
        if (type instanceof ParameterizedType generic
                && annotated instanceof AnnotatedParameterizedType marked
                && generic.getRawType() instanceof Class<?> raw) {
            AnnotatedType[] arguments = marked.getAnnotatedActualTypeArguments();
            if (raw == Optional.class) {
                return orNull(schema(arguments[0], where));
            }
            if (Collection.class.isAssignableFrom(raw) && arguments.length == 1) {
                ObjectNode list = list(schema(arguments[0], where));
                return Set.class.isAssignableFrom(raw) && isScalar(list.get("items"))
                        ? list.put("uniqueItems", true)
                        : list;
            }
            if (Map.class.isAssignableFrom(raw)
                    && arguments.length == 2
                    && arguments[0].getType() == String.class) {
                ObjectNode map = JSON.objectNode().put("type", "object");
                map.set("additionalProperties", schema(arguments[1], where));
                return map;
            }
        }
        throw noSchema(type, where);
    }

    /** Whether a type can be held to unique items: no lists or objects. */
    private static boolean isScalar(JsonNode items) {
        String type = items.path("type").asString("");
        return items.has("enum")
                || (!type.isEmpty() && !type.equals("array") && !type.equals("object"));
    }

    private static ObjectNode list(ObjectNode items) {
        ObjectNode list = JSON.objectNode().put("type", "array");
        list.set("items", items);
        return list;
    }

    private ObjectNode simple(Class<?> type, String where) {
        ObjectNode schema = JSON.objectNode();
        long[] range = INTEGERS.get(type);
        if (range != null) {
            return schema.put("type", "integer").put("minimum", range[0]).put("maximum", range[1]);
        }
        String format = FORMATS.get(type);
        if (format != null) {
            return schema.put("type", "string").put("format", format);
        }
        if (type == Duration.class) {
            return schema.put("type", "string").put("pattern", DURATION);
        }
        if (type == String.class) {
            return schema.put("type", "string");
        }
        if (type == boolean.class || type == Boolean.class) {
            return schema.put("type", "boolean");
        }
        if (type == BigInteger.class) {
            return schema.put("type", "integer");
        }
        if (type == double.class
                || type == Double.class
                || type == float.class
                || type == Float.class
                || type == BigDecimal.class) {
            return schema.put("type", "number");
        }
        if (type.isEnum()) {
            ArrayNode names = schema.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                names.add(name((Enum<?>) constant));
            }
            return schema;
        }
        if (JsonNode.class.isAssignableFrom(type)) {
            return schema;
        }
        if (type.isRecord()) {
            return reference(type);
        }
        throw noSchema(type, where);
    }

    /** As Jackson writes it. */
    private static String name(Enum<?> constant) {
        try {
            JsonProperty renamed =
                    constant.getDeclaringClass()
                            .getField(constant.name())
                            .getAnnotation(JsonProperty.class);
            return renamed == null || renamed.value().isEmpty() ? constant.name() : renamed.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e); // each constant is a field
        }
    }

    private static InvalidRequest noSchema(Type type, String where) {
        return new InvalidRequest(
                "schema",
                where + " has the type " + type.getTypeName() + ", which has no JSON Schema.",
                "Use a string, number, boolean, enum, date, list, map or record.");
    }
}

package org.scout4j.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.InvalidRequest;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;
import org.scout4j.grammar.machine.Grammar;
import org.scout4j.grammar.machine.TokenVocabulary;
import org.scout4j.grammar.schema.SchemaCompiler;
import org.scout4j.grammar.value.MemberArrangement;
import org.scout4j.grammar.value.ValueNode;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code {"name", "schema", "tests"}} → what the schema's masks let through. */
final class SchemaLines implements LineAnswer {
    private static final long WARM_UP_NANOS = 2_000_000_000L;

    private static final String WARM_UP_LINE =
            """
            {"name": "warm-up", "schema": {"type": "object", "properties": {
                "id": {"type": "integer", "minimum": 1, "maximum": 5000},
                "name": {"type": "string", "maxLength": 40},
                "kind": {"enum": ["small", "medium", "large"]},
                "email": {"type": "string", "format": "email"},
                "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3,5}$"},
                "day": {"type": "string", "format": "date"},
                "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "tree": {"$ref": "#/$defs/tree"},
                "more": {"oneOf": [
                    {"type": "object", "properties": {"a": {"const": 1}}, "required": ["a"]},
                    {"type": "object", "properties": {"b": {"type": "number"}},
                     "required": ["b"], "additionalProperties": false}]}
              }, "required": ["id", "name"], "$defs": {"tree": {"type": "object",
                "properties": {"value": {"type": "number"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
                "additionalProperties": {"type": "string"}}}},
             "tests": [{"data": {"id": 42, "name": "A name of some length", "kind": "medium",
                "email": "someone@example.org", "code": "AB-1234", "day": "2024-02-29",
                "note": "Some words that stand for longer text, as notes have.",
                "tree": {"value": 1.5, "children": [{"value": 2, "x": "y"}, {"children": []}]},
                "more": {"b": 12.25}, "else": [1, {"two": [true, null]}, "three"]}, "valid": true}]}
            """;

    private final JsonMapper mapper =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** Where new objects are made; null if the collector has no such place. */
    private final @Nullable MemoryPoolMXBean eden = eden();

    private final Tokenizer tokenizer;
    private final TokenVocabulary vocabulary;
    private final TokenSet allowed;

    SchemaLines(Tokenizer tokenizer, TokenVocabulary vocabulary) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.allowed = new TokenSet(tokenizer.vocabularySize());
    }

    /** A refusal's reason, for programs. */
    static String name(GrammarRefused.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    /** A refusal in one line, for people. */
    static String told(GrammarRefused refused) {
        String place = refused.path().isEmpty() ? "the root" : refused.path();
        String keyword = refused.keyword().isEmpty() ? "" : "'" + refused.keyword() + "' at ";
        return keyword + place + ": " + refused.problem() + " (" + name(refused.reason()) + ")";
    }

    /** Answers a line of its own until the JVM has compiled what matters. */
    void warmUp() {
        long end = System.nanoTime() + WARM_UP_NANOS;
        while (System.nanoTime() < end) {
            answer(WARM_UP_LINE);
        }
        System.gc(); // what loading and practice left behind is no matter of the schemas
    }

    @Override
    public Properties answer(String line) {
        collectIfNearlyFull();
        JsonNode read = read(line);
        JsonNode schema = read.path("schema");
        JsonNode tests = read.path("tests");
        if (!(schema.isObject() || schema.isBoolean()) || !tests.isArray()) {
            throw new InvalidRequest(
                    null, "A line needs 'schema', an object or boolean, and 'tests', a list.");
        }
        long before = System.nanoTime();
        ValueNode root = null;
        Grammar grammar = null;
        GrammarRefused refused = null;
        try {
            root = SchemaCompiler.compile(schema, true, CompileBudget.ofRequest()).root();
            grammar = Grammar.of(new Language.Document(root), vocabulary);
        } catch (GrammarRefused e) {
            refused = e;
        }
        long compiled = System.nanoTime() - before;
        MaskTimes times = new MaskTimes();
        List<Boolean> accepted = new ArrayList<>();
        if (root != null && grammar != null) {
            for (JsonNode test : tests) {
                JsonNode document = MemberArrangement.arranged(root, test.path("data"));
                accepted.add(accepts(grammar, document.toString(), times));
            }
        }
        return answer(read.path("name"), refused, compiled, accepted, times);
    }

    /** Collections are made between lines, so that no time that is told has one in it. */
    private void collectIfNearlyFull() {
        if (eden == null) {
            return;
        }
        MemoryUsage usage = eden.getUsage();
        if (usage.getUsed() > usage.getCommitted() / 2) {
            System.gc();
        }
    }

    private static @Nullable MemoryPoolMXBean eden() {
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getName().contains("Eden")) {
                return pool;
            }
        }
        return null;
    }

    private JsonNode read(String line) {
        try {
            return mapper.readTree(line);
        } catch (JacksonException e) {
            throw new InvalidRequest(null, "The line is not JSON: " + e.getOriginalMessage());
        }
    }

    private boolean accepts(Grammar grammar, String document, MaskTimes times) {
        TokenConstraint constraint = grammar.constraint();
        for (int token : tokenizer.encode(document)) {
            long before = System.nanoTime();
            constraint.mask(allowed);
            times.add(System.nanoTime() - before);
            if (!allowed.contains(token)) {
                return false;
            }
            constraint.accept(token);
        }
        return constraint.mayEnd();
    }

    private static Properties answer(
            JsonNode name,
            @Nullable GrammarRefused refused,
            long compileNanos,
            List<Boolean> accepted,
            MaskTimes times) {
        return generator -> {
            generator.writeStringProperty("name", name.asString(""));
            generator.writeBooleanProperty("supported", refused == null);
            if (refused != null) {
                generator.writeStringProperty("reason", told(refused));
            }
            generator.writeArrayPropertyStart("accepted");
            for (boolean one : accepted) {
                generator.writeBoolean(one);
            }
            generator.writeEndArray();
            generator.writeNumberProperty("compile_us", compileNanos / 1000.0);
            if (times.count > 0) {
                generator.writeObjectPropertyStart("mask_us");
                generator.writeNumberProperty("p50", times.quantile(0.5));
                generator.writeNumberProperty("p99", times.quantile(0.99));
                generator.writeNumberProperty("max", times.quantile(1));
                generator.writeEndObject();
            }
        };
    }

    /** How long masks took. */
    private static final class MaskTimes {
        private long[] nanos = new long[64];
        private int count;
        private boolean sorted;

        void add(long time) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = time;
            sorted = false;
        }

        /** The smallest time, in microseconds, that this share of all did not exceed. */
        double quantile(double share) {
            if (!sorted) {
                Arrays.sort(nanos, 0, count);
                sorted = true;
            }
            int index = (int) Math.ceil(share * count) - 1;
            return nanos[Math.clamp(index, 0, count - 1)] / 1000.0;
        }
    }
}

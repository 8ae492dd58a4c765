package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.error.InvalidRequest;

/**
 * Formats that are made to cost much, from the face: each is refused, or compiled and answered, in
 * little time, and the model goes on serving.
 */
@Timeout(300)
class HostileFormatsTest {
    /** A second is what a quiet machine must do; the rest is for slow ones. */
    private static final Duration MOST = Duration.ofSeconds(10);

    /** What a refused format may allocate on its way, live and dead together. */
    private static final long MOST_ALLOCATED = 256L << 20;

    private static final Scout SCOUT =
            Scout.load(
                    Path.of("src/test/resources/golden/model/scout-tiny"),
                    LoadOptions.builder().threads(1).slots(2).context(128).stepTokens(32).build());

    @AfterAll
    static void close() {
        SCOUT.close();
    }

    private static String list(int count, IntFunction<String> item) {
        return IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(","));
    }

    /** All of these must be refused. */
    private static Map<String, Supplier<ResponseFormat>> refused() {
        Map<String, Supplier<ResponseFormat>> formats = new LinkedHashMap<>();
        schema(formats, "unknown type", "{\"type\":\"stringg\"}");
        schema(formats, "not closed", "[");
        schema(formats, "100,000 arrays", "[".repeat(100_000) + "]".repeat(100_000));
        schema(
                formats,
                "100,000 nested items",
                "{\"items\":".repeat(100_000) + "{}" + "}".repeat(100_000));
        schema(
                formats,
                "overlapping requirements",
                "{\"oneOf\":["
                        + list(
                                60,
                                i ->
                                        "{\"required\":[\"a"
                                                + i
                                                + "\",\"b"
                                                + i
                                                + "\",\"c"
                                                + i
                                                + "\"]}")
                        + "]}");
        schema(
                formats,
                "product of oneOf",
                "{\"allOf\":["
                        + list(
                                40,
                                i ->
                                        "{\"oneOf\":[{\"required\":[\"a"
                                                + i
                                                + "\"]},{\"required\":[\"b"
                                                + i
                                                + "\"]}]}")
                        + "]}");
        schema(
                formats,
                "2^60 dependencies",
                "{\"dependentRequired\":{"
                        + list(60, i -> "\"a" + i + "\":[\"b" + i + "\"]")
                        + "}}");
        schema(
                formats,
                "mutual recursion",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},"
                        + "\"b\":{\"$ref\":\"#/$defs/a\"}}}");
        schema(
                formats,
                "endless objects",
                "{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"$ref\":\"#\"}}}");
        schema(formats, "huge bound", "{\"maximum\":1e1000000000}");
        schema(formats, "pattern of powers", "{\"pattern\":\"^((a{1,100}){1,100}){1,100}$\"}");
        schema(formats, "huge pattern", "{\"pattern\":\"" + "(a|b)*c".repeat(30_000) + "\"}");
        pattern(formats, "60,000 groups", "(".repeat(60_000) + "a" + ")".repeat(60_000));
        pattern(formats, "60,000 open groups", "(".repeat(60_000));
        pattern(formats, "powers", "((a{1,100}){1,100}){1,100}");
        pattern(formats, "subsets", "(a|b)*a(a|b){40}");
        pattern(formats, "class not closed", "[");
        pattern(formats, "huge count", "a{1000000000}");
        pattern(formats, "lookaheads", "(?=.*a)(?=.*b)".repeat(400) + ".*");
        return formats;
    }

    /** These may be refused or held to; neither may cost much. */
    private static Map<String, Supplier<ResponseFormat>> costly() {
        Map<String, Supplier<ResponseFormat>> formats = new LinkedHashMap<>();
        pattern(formats, "stars", "(a*)*b");
        pattern(formats, "nested pluses", "(a+)+$");
        schema(formats, "tiny step", "{\"multipleOf\":1e-300}");
        schema(formats, "10^9 items", "{\"type\":\"array\",\"minItems\":1000000000}");
        schema(formats, "10^9 characters", "{\"type\":\"string\",\"minLength\":1000000000}");
        schema(formats, "10^9 members", "{\"type\":\"object\",\"minProperties\":1000000000}");
        schema(
                formats,
                "10^9 different items",
                "{\"type\":\"array\",\"uniqueItems\":true,\"minItems\":1000000000}");
        schema(
                formats,
                "50,000 values",
                "{\"enum\":[" + list(50_000, i -> "\"value " + i * 7919L + "\"") + "]}");
        schema(
                formats,
                "2,000 properties",
                "{\"type\":\"object\",\"properties\":{"
                        + list(2000, i -> "\"p" + i + "\":{\"type\":\"string\"}")
                        + "}}");
        schema(
                formats,
                "doubling references",
                "{\"$ref\":\"#/$defs/d0\",\"$defs\":{"
                        + list(
                                40,
                                i ->
                                        "\"d%d\":{\"anyOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"items\":{\"$ref\":\"#/$defs/d%d\"}}]}"
                                                .formatted(i, i + 1, i + 1))
                        + ",\"d40\":{\"type\":\"null\"}}}");
        schema(
                formats,
                "overlapping name patterns",
                "{\"patternProperties\":{"
                        + list(40, i -> "\"a.{" + i + "}b\":{\"minLength\":" + i + "}")
                        + "}}");
        return formats;
    }

    private static void schema(
            Map<String, Supplier<ResponseFormat>> formats, String name, String schema) {
        formats.put(name, () -> JsonSchema.of(schema));
    }

    private static void pattern(
            Map<String, Supplier<ResponseFormat>> formats, String name, String regex) {
        formats.put("regex: " + name, () -> new ResponseFormat.Pattern(regex));
    }

    @Test
    void costlyFormatsAreRefusedSoon() {
        refused().forEach((name, format) -> assertThat(refuses(name, format)).as(name).isTrue());
        answersStill();
    }

    @Test
    void formatsThatLookCostlyCostLittle() {
        costly().forEach(HostileFormatsTest::refuses);
        answersStill();
    }

    private static boolean refuses(String name, Supplier<ResponseFormat> format) {
        return assertTimeoutPreemptively(
                MOST,
                () -> {
                    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                    long before = threads.getCurrentThreadAllocatedBytes();
                    boolean refused = false;
                    try (ChatStream stream = SCOUT.stream(request(format.get()))) {
                        stream.result();
                    } catch (InvalidRequest e) {
                        refused = true;
                        assertThat(e.getMessage()).hasSizeBetween(10, 1000).doesNotContain("org.");
                    }
                    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                            .as("bytes allocated for %s", name)
                            .isLessThan(MOST_ALLOCATED);
                    return refused;
                },
                name);
    }

    private static CompletionRequest request(ResponseFormat format) {
        return new CompletionRequest(
                new CompletionRequest.Tokens(new int[] {5, 9, 17}, false),
                false,
                AnswerOptions.builder().maxTokens(24).format(format).build());
    }

    private static void answersStill() {
        assertThat(SCOUT.complete(request(JsonSchema.of("{\"type\":\"boolean\"}"))).text())
                .isIn("true", "false");
    }
}

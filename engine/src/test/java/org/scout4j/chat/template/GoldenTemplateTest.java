package org.scout4j.chat.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the original Jinja2 made of every case of {@code golden/template/cases.json}. */
class GoldenTemplateTest {
    static final LocalDateTime NOW = LocalDateTime.of(2025, 4, 5, 7, 8, 9);

    /**
     * @param error null, {@code syntax} or {@code evaluation}
     */
    record Case(
            String template,
            Map<String, Value> variables,
            String output,
            @Nullable String error,
            String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return read("/golden/template/cases.json").valueStream().map(GoldenTemplateTest::read);
    }

    private static Case read(JsonNode row) {
        Map<String, Value> variables = new HashMap<>();
        row.get("variables")
                .properties()
                .forEach(property ->
                        variables.put(
                                property.getKey(),
                                JsonReader.of(property.getValue(), "variables")));
        JsonNode file = row.get("file");
        String template =
                file == null
                        ? row.get("template").stringValue()
                        : resource("/golden/template/chat/" + file.stringValue());
        String name =
                file == null
                        ? template
                        : file.stringValue() + " " + row.get("conversation").stringValue();
        JsonNode error = row.get("error");
        JsonNode output = row.get("output");
        return new Case(
                template,
                variables,
                output == null ? "" : output.stringValue(),
                error == null ? null : error.stringValue(),
                name);
    }

    static JsonNode read(String resource) {
        return JsonMapper.builder()
                .enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .build()
                .readTree(resource(resource));
    }

    static String resource(String name) {
        try (InputStream in =
                Objects.requireNonNull(GoldenTemplateTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rendersWhatJinjaRenders(Case golden) {
        if (golden.error == null) {
            Template template = Template.compile(golden.template);
            assertThat(template.render(golden.variables, NOW).chars()).isEqualTo(golden.output);
            assertThat(template.render(golden.variables, NOW).chars())
                    .as("again")
                    .isEqualTo(golden.output);
            return;
        }
        TemplateException failure =
                catchThrowableOfType(
                        TemplateException.class,
                        () -> Template.compile(golden.template).render(golden.variables, NOW));
        assertThat(failure).as("Jinja refuses this").isNotNull();
        assertThat(failure.line()).isPositive();
        if (golden.error.equals("syntax")) {
            assertThat(failure.kind()).isEqualTo(TemplateException.Kind.SYNTAX);
        }
    }

    @Test
    void thereAreManyCases() {
        List<Case> cases = cases().toList();
        assertThat(cases).hasSizeGreaterThan(300);
        assertThat(cases.stream().filter(c -> c.name.contains(".jinja")).count())
                .isGreaterThan(100);
    }
}

package org.scout4j.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Another implementation of JSON Schema, with formats asserted. */
public final class IndependentValidator {
    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** Numbers exact, nothing after the document. */
    private static final JsonMapper STRICT =
            JsonMapper.builder(JsonFactory.builder().build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Schema schema;

    public IndependentValidator(JsonNode schema) {
        this.schema = SCHEMAS.getSchema(schema);
    }

    /** Reads JSON; fails if it is not. */
    public static JsonNode read(String document) {
        return STRICT.readTree(document);
    }

    /** What is wrong with a value. */
    public List<?> faults(JsonNode value) {
        List<Error> faults =
                schema.validate(
                        plain(value),
                        context ->
                                context.executionConfig(
                                        config -> config.formatAssertionsEnabled(true)));
        // It wants mailboxes in domains that are registered, which no RFC does.
        return faults.stream().filter(fault -> !fault.getMessage().contains("Mailbox")).toList();
    }

    /** It cannot compare large integers that were written with an exponent. */
    private static JsonNode plain(JsonNode value) {
        if (value.isBigDecimal() && value.decimalValue().stripTrailingZeros().scale() <= 0) {
            return JsonNodeFactory.instance.numberNode(value.decimalValue().toBigIntegerExact());
        }
        if (value.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> items.add(plain(item)));
            return items;
        }
        if (value.isObject()) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            value.properties()
                    .forEach(member -> members.set(member.getKey(), plain(member.getValue())));
            return members;
        }
        return value;
    }

    /** Fails unless the text is JSON that satisfies the schema. */
    public void check(String document, String what) {
        assertThat(faults(read(document))).as("%s: %s", what, document).isEmpty();
    }
}

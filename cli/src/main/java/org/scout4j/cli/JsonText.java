package org.scout4j.cli;

import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON on one line, by Jackson's streaming writer: object mapping would double the start-up time.
 */
final class JsonText {
    /** Written as the first property of every {@code --json} object; raised when a key changes. */
    static final int SCHEMA_VERSION = 1;

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /** An object whose properties the caller writes. */
    static String object(Consumer<JsonGenerator> properties) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            generator.writeStartObject();
            properties.accept(generator);
            generator.writeEndObject();
        }
        return text.toString();
    }

    /** What {@code --json} prints: an object that begins with its schema's version. */
    static String document(Consumer<JsonGenerator> properties) {
        return object(generator -> {
            generator.writeNumberProperty("schema_version", SCHEMA_VERSION);
            properties.accept(generator);
        });
    }
}

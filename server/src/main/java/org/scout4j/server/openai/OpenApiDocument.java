package org.scout4j.server.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.scout4j.server.Exchange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI description of all endpoints, a resource beside this class. */
record OpenApiDocument(JsonNode content) {

    static OpenApiDocument load() {
        try (InputStream file = OpenApiDocument.class.getResourceAsStream("openapi.json")) {
            if (file == null) {
                throw new IllegalStateException("openapi.json is missing from this build");
            }
            return new OpenApiDocument(JsonMapper.shared().readTree(file.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void serve(Exchange exchange) {
        exchange.reply(200, content);
    }
}

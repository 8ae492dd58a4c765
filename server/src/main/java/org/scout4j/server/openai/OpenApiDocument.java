package org.scout4j.server.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.scout4j.server.Exchange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI description of all endpoints: a resource beside this class. */
record OpenApiDocument(JsonNode content) {

    /**
     * Reads it and fills in what depends on the server.
     *
     * @param names names of the served model
     */
    static OpenApiDocument load(List<String> names, String build) {
        try (InputStream file = OpenApiDocument.class.getResourceAsStream("openapi.json")) {
            if (file == null) {
                throw new IllegalStateException("openapi.json is missing from this build");
            }
            JsonNode content = JsonMapper.shared().readTree(file.readAllBytes());
            ((ObjectNode) content.required("info")).put("version", build);
            ArrayNode known =
                    ((ObjectNode) content.at("/components/schemas/Model")).putArray("enum");
            names.forEach(known::add);
            return new OpenApiDocument(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void serve(Exchange exchange) {
        exchange.reply(200, content);
    }
}

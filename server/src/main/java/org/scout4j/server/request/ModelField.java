package org.scout4j.server.request;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The field that names the model; it is read before all others. */
public final class ModelField {
    private ModelField() {}

    /**
     * The name, as the client wrote it.
     *
     * @throws org.scout4j.server.ProblemException if there is none, or it is no string
     */
    public static String required(JsonNode body) {
        @Nullable JsonNode model = body.get("model");
        if (model == null || model.isNull()) {
            throw JsonValue.missing("model");
        }
        return new JsonValue("model", model).string();
    }
}

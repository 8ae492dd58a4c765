package org.scout4j.cli.load;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A server and how it is spoken to.
 *
 * @param url where it is, with neither {@code /v1} nor a slash at its end
 * @param api which of its endpoints is measured
 * @param key the API key, or null
 */
public record Target(URI url, Api api, @Nullable String key) {
    private static final JsonFactory JSON = new JsonFactory();

    /** An endpoint that streams answers. */
    public enum Api {
        /** Conversations. */
        CHAT("/v1/chat/completions"),
        /** Texts to go on with. */
        COMPLETIONS("/v1/completions");

        private final String path;

        Api(String path) {
            this.path = path;
        }

        /** Its name in flags and reports. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a base URL as users write it.
     *
     * @throws IllegalArgumentException if it is none, saying why
     */
    public static Target of(String text, Api api, @Nullable String key) {
        String base = text;
        while (base.endsWith("/")) {
            base = base.substring(0, base.length() - 1);
        }
        if (base.endsWith("/v1")) {
            base = base.substring(0, base.length() - "/v1".length());
        }
        URI url = URI.create(base);
        boolean http = "http".equalsIgnoreCase(url.getScheme());
        boolean https = "https".equalsIgnoreCase(url.getScheme());
        if (!(http || https) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "it has to begin with http:// or https:// and name a host");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("it must have neither query nor fragment");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "it must not hold a user's name or password: an API key has its own flag");
        }
        return new Target(url, api, key);
    }

    boolean encrypted() {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    int port() {
        return url.getPort() >= 0 ? url.getPort() : encrypted() ? 443 : 80;
    }

    /** The path on the server of one of its endpoints. */
    String path(String endpoint) {
        return url.getRawPath() + endpoint;
    }

    String answers() {
        return path(api.path);
    }

    /** The body of a request for an answer, streamed. */
    byte[] body(String model, String text, int answerTokens, LoadPlan.Sampling sampling) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("model", model);
            if (api == Api.CHAT) {
                json.writeArrayPropertyStart("messages");
                json.writeStartObject();
                json.writeStringProperty("role", "user");
                json.writeStringProperty("content", text);
                json.writeEndObject();
                json.writeEndArray();
            } else {
                json.writeStringProperty("prompt", text);
            }
            json.writeNumberProperty("max_tokens", answerTokens);
            json.writeNumberProperty("temperature", sampling.temperature());
            json.writeBooleanProperty("stream", true);
            json.writeObjectPropertyStart("stream_options");
            json.writeBooleanProperty("include_usage", true);
            json.writeEndObject();
            if (sampling.ignoreEos()) {
                json.writeBooleanProperty("ignore_eos", true);
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return url.toString();
    }
}

package org.scout4j.cli.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.scout4j.cli.load.Outcome.Fault;
import org.scout4j.cli.load.Outcome.Usage;
import org.scout4j.cli.load.Workload.TokenRate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Questions to a server before it is measured: its model, and how it counts tokens. */
public final class ServerProbe {
    private static final int SHORT_TEXT = 40;
    private static final int LONG_TEXT = 240;
    private static final int LONGEST_BODY = 16 << 20;

    private final Target target;
    private final Duration timeout;

    /**
     * @param timeout the longest that one question may take
     */
    public ServerProbe(Target target, Duration timeout) {
        this.target = target;
        this.timeout = timeout;
    }

    /** An answer that came. */
    private record Reply(int status, String body) {
        JsonNode json() {
            try {
                return JsonMapper.shared().readTree(body);
            } catch (JacksonException e) {
                return JsonMapper.shared().missingNode();
            }
        }
    }

    /**
     * The id of the first model that the server lists.
     *
     * @throws ServerUnfit if it lists none
     */
    public String firstModel() {
        Reply reply = ask("GET", "/v1/models", null);
        if (reply.status() != 200) {
            throw refusal(reply.status(), PlainWords.ofErrorBody(reply.body()));
        }
        JsonNode id = reply.json().path("data").path(0).path("id");
        if (!id.isString()) {
            throw new ServerUnfit(
                    ServerUnfit.Reason.REFUSED, target + " lists no model at /v1/models.");
        }
        return id.stringValue();
    }

    /**
     * How many tokens texts of a workload have: by {@code /tokenize} where there is one, else by
     * what the server counts for two short requests, which it answers with one token each.
     *
     * @throws ServerUnfit if it does not answer such a request
     */
    public TokenRate tokenRate(String model, Workload workload) {
        String text = workload.probe(0, LONG_TEXT);
        Usage whole = countOf(model, text);
        if (whole == null) {
            return TokenRate.GUESS;
        }
        OptionalInt bare = tokens(model, text);
        if (bare.isPresent()) {
            return rate((double) bare.getAsInt() / LONG_TEXT, whole.prompt() - bare.getAsInt());
        }
        Usage part = countOf(model, workload.probe(1, SHORT_TEXT));
        if (part == null) {
            return TokenRate.GUESS;
        }
        double perWord = (double) (whole.prompt() - part.prompt()) / (LONG_TEXT - SHORT_TEXT);
        return rate(perWord, whole.prompt() - perWord * LONG_TEXT);
    }

    private static TokenRate rate(double perWord, double overhead) {
        return perWord > 0 ? new TokenRate(perWord, Math.max(0, overhead)) : TokenRate.GUESS;
    }

    private @Nullable Usage countOf(String model, String text) {
        byte[] body = target.body(model, text, 1, new LoadPlan.Sampling(0, false));
        OneRequest request = new OneRequest(target, body, 1, timeout, System.nanoTime());
        Outcome outcome = request.send(0, new Socket(), System.nanoTime());
        Fault fault = outcome.fault();
        if (fault != null && outcome.usage() == null) {
            throw refusal(fault);
        }
        return outcome.usage();
    }

    private OptionalInt tokens(String model, String text) {
        for (String[] names : NAMES_OF_TOKENIZE) {
            try {
                Reply reply = ask("POST", "/tokenize", question(model, text, names[0], names[1]));
                JsonNode tokens = reply.json().path("tokens");
                if (reply.status() == 200 && tokens.isArray() && !tokens.isEmpty()) {
                    return OptionalInt.of(tokens.size());
                }
            } catch (ServerUnfit e) {
                // It answers requests, so it is there; it only has no such endpoint.
            }
        }
        return OptionalInt.empty();
    }

    /** The text's and the switch's name: llama-server's, then vLLM's. */
    private static final String[][] NAMES_OF_TOKENIZE = {
        {"content", "add_special"}, {"prompt", "add_special_tokens"}
    };

    private static byte[] question(String model, String text, String textName, String switchName) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("model", model);
            json.writeStringProperty(textName, text);
            json.writeBooleanProperty(switchName, false);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private Reply ask(String method, String path, byte @Nullable [] body) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Wire wire = Wire.connect(new Socket(), target, deadline)) {
            HttpAnswer answer = HttpAnswer.of(wire, target, method, target.path(path), body);
            return new Reply(answer.status(), answer.text(LONGEST_BODY));
        } catch (IOException | RuntimeException e) {
            throw new ServerUnfit(
                    ServerUnfit.Reason.UNREACHABLE,
                    "No answer from " + target + ": " + PlainWords.ofFailure(e) + ".");
        }
    }

    private ServerUnfit refusal(Fault fault) {
        if (fault.kind().startsWith("http_")) {
            return refusal(Integer.parseInt(fault.kind().substring(5)), fault.detail());
        }
        boolean unreachable =
                fault.kind().equals(Fault.CONNECTION) || fault.kind().equals(Fault.TIMEOUT);
        return new ServerUnfit(
                unreachable ? ServerUnfit.Reason.UNREACHABLE : ServerUnfit.Reason.REFUSED,
                "No usable answer from " + target + ": " + fault.detail() + ".");
    }

    private ServerUnfit refusal(int status, String said) {
        ServerUnfit.Reason reason =
                switch (status) {
                    case 401, 403 -> ServerUnfit.Reason.DENIED;
                    case 429, 502, 503, 504 -> ServerUnfit.Reason.UNREACHABLE;
                    default -> ServerUnfit.Reason.REFUSED;
                };
        return new ServerUnfit(reason, target + " answered with status " + status + ": " + said);
    }
}

package org.scout4j.server.observe;

import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.RequestObserver;
import org.scout4j.server.RequestReport;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line a request through {@code System.Logger} {@value #LOGGER}, as text or JSON. Nothing that
 * a client wrote is in it but the method and the model's name, shortened and escaped.
 */
public final class AccessLog implements RequestObserver {
    /** Name of the logger. */
    public static final String LOGGER = "org.scout4j.access";

    private static final System.Logger LOG = System.getLogger(LOGGER);
    private static final int LONGEST = 256; // spec "Reliability" L-26
    private static final Set<String> PROBES =
            Set.of("/livez", "/readyz", "/startupz", "/health", "/ready", "/metrics");

    private final Form form;

    /** How a line looks. */
    public enum Form {
        TEXT,
        JSON
    }

    public AccessLog(Form form) {
        this.form = form;
    }

    @Override
    public void ended(RequestReport report) {
        if (news(report)) {
            LOG.log(System.Logger.Level.INFO, () -> line(report));
        }
    }

    /** Probes come every second; only those that fail are news. */
    static boolean news(RequestReport report) {
        return report.status() != 200 || report.route().filter(PROBES::contains).isEmpty();
    }

    String line(RequestReport report) {
        return switch (form) {
            case TEXT -> text(report);
            case JSON -> json(report);
        };
    }

    private static String text(RequestReport report) {
        StringBuilder line = new StringBuilder();
        line.append(report.begun().truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(report.id())
                .append(' ')
                .append(escaped(report.method()))
                .append(' ')
                .append(report.route().orElse("-"))
                .append(' ')
                .append(report.status())
                .append(' ')
                .append(report.took().toMillis())
                .append("ms");
        report.problem().ifPresent(p -> line.append(" error=").append(p.code()));
        report.facts().ifPresent(facts -> append(line, facts));
        return line.toString();
    }

    private static void append(StringBuilder line, GenerationFacts facts) {
        line.append(" model=")
                .append(escaped(facts.model()))
                .append(" prompt=")
                .append(facts.promptTokens())
                .append(" cached=")
                .append(facts.cachedTokens())
                .append(facts.images() == 0 ? "" : images(facts))
                .append(" completion=")
                .append(facts.completionTokens())
                .append(" finish=")
                .append(facts.finishReason())
                .append(" queue=")
                .append(facts.queued().toMillis())
                .append("ms ttft=")
                .append(facts.queued().plus(facts.prefill()).toMillis())
                .append("ms");
    }

    private static String images(GenerationFacts facts) {
        return " images=" + facts.images() + " image_tokens=" + facts.imageTokens();
    }

    private static String json(RequestReport report) {
        ObjectNode line =
                JsonMapper.shared()
                        .createObjectNode()
                        .put("time", report.begun().truncatedTo(ChronoUnit.MILLIS).toString())
                        .put("id", report.id())
                        .put("method", escaped(report.method()))
                        .put("route", report.route().orElse(null))
                        .put("status", report.status())
                        .put("ms", report.took().toMillis());
        report.problem().ifPresent(p -> line.put("error", p.code()));
        report.facts()
                .ifPresent(facts ->
                        line.put("model", escaped(facts.model()))
                                .put("stream", facts.stream())
                                .put("prompt_tokens", facts.promptTokens())
                                .put("cached_tokens", facts.cachedTokens())
                                .put("images", facts.images())
                                .put("image_tokens", facts.imageTokens())
                                .put("completion_tokens", facts.completionTokens())
                                .put("finish_reason", facts.finishReason())
                                .put("queue_ms", facts.queued().toMillis())
                                .put("prefill_ms", facts.prefill().toMillis())
                                .put("decode_ms", facts.decode().toMillis()));
        return JsonMapper.shared().writeValueAsString(line);
    }

    /** Client text for one word of a line: no blanks, no controls, not endless. */
    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .forEach(c -> {
                    boolean odd =
                            c == '\\'
                                    || Character.isISOControl(c)
                                    || Character.isWhitespace(c)
                                    || Character.getType(c) == Character.FORMAT
                                    || Character.getType(c) == Character.SURROGATE
                                    || Character.getType(c) == Character.LINE_SEPARATOR
                                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
                    if (odd) {
                        safe.append("\\u{").append(Integer.toHexString(c)).append('}');
                    } else {
                        safe.appendCodePoint(c);
                    }
                });
        return safe.toString();
    }
}

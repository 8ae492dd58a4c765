package org.scout4j.server.observe;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problem;
import org.scout4j.server.RequestObserver;
import org.scout4j.server.RequestReport;

/**
 * OpenTelemetry spans (spec "Experience" §5): one SERVER span a request, in the client's trace if
 * it named one, and inside it a span for the generation with GenAI attributes and its phases. Spans
 * are made when the request has ended, with the times it had. Never what was said.
 */
public final class Tracing implements RequestObserver, AutoCloseable {
    private static final int SERVER_ERRORS = 500;
    private static final String TRACEPARENT = "traceparent";
    private static final List<String> ASKING_VARIABLES =
            List.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                    "OTEL_TRACES_EXPORTER");

    private final Tracer tracer;
    private final Runnable whenClosed;

    /**
     * Traces to what is given.
     *
     * @param whenClosed sends what is still held
     */
    Tracing(OpenTelemetry telemetry, Runnable whenClosed) {
        this.tracer = telemetry.getTracer("org.scout4j");
        this.whenClosed = whenClosed;
    }

    /**
     * Traces if the standard {@code OTEL_*} variables ask for it: where to, how, and under which
     * name is theirs to say.
     */
    public static Optional<Tracing> asked(Map<String, String> environment, String build) {
        boolean asked =
                ASKING_VARIABLES.stream().anyMatch(v -> !environment.getOrDefault(v, "").isBlank())
                        && !environment.getOrDefault("OTEL_SDK_DISABLED", "").equals("true");
        if (!asked) {
            return Optional.empty();
        }
        var sdk =
                AutoConfiguredOpenTelemetrySdk.builder()
                        .disableShutdownHook()
                        .addPropertiesSupplier(() ->
                                Map.of(
                                        "otel.service.name", "scout4j",
                                        "otel.resource.attributes", "service.version=" + build,
                                        "otel.exporter.otlp.protocol", "http/protobuf",
                                        "otel.metrics.exporter", "none",
                                        "otel.logs.exporter", "none"))
                        .addPropertiesCustomizer(config ->
                                environment.entrySet().stream()
                                        .filter(e -> e.getKey().startsWith("OTEL_"))
                                        .collect(
                                                Collectors.toMap(
                                                        e -> property(e.getKey()),
                                                        Map.Entry::getValue)))
                        .build()
                        .getOpenTelemetrySdk();
        return Optional.of(new Tracing(sdk, sdk::close));
    }

    private static String property(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    @Override
    public void ended(RequestReport report) {
        String route = report.route().orElse("");
        SpanBuilder builder =
                tracer.spanBuilder((report.method() + " " + route).strip())
                        .setSpanKind(SpanKind.SERVER)
                        .setParent(parent(report))
                        .setStartTimestamp(report.begun())
                        .setAttribute("http.request.method", report.method())
                        .setAttribute("http.response.status_code", (long) report.status())
                        .setAttribute("scout4j.request.id", report.id());
        if (!route.isEmpty()) {
            builder.setAttribute("http.route", route);
        }
        Span span = builder.startSpan();
        report.problem().ifPresent(problem -> fail(span, problem));
        report.facts().ifPresent(facts -> generation(span, facts, report));
        span.end(end(report));
    }

    private static Instant end(RequestReport report) {
        return report.begun().plus(report.took());
    }

    private static void fail(Span span, Problem problem) {
        span.setAttribute("error.type", problem.code() == null ? problem.type() : problem.code());
        if (problem.status() >= SERVER_ERRORS) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    private static Context parent(RequestReport report) {
        return report.traceparent()
                .map(value ->
                        W3CTraceContextPropagator.getInstance()
                                .extract(Context.root(), value, new OneHeader()))
                .orElse(Context.root());
    }

    /** A carrier that is the value of the one header. */
    private record OneHeader() implements TextMapGetter<String> {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(TRACEPARENT) ? carrier : null;
        }
    }

    /** The generation ended when the reply did; its phases are counted back from there. */
    private void generation(Span request, GenerationFacts facts, RequestReport report) {
        Instant end = end(report);
        Instant decode = end.minus(facts.decode());
        Instant prefill = decode.minus(facts.prefill());
        Instant queue = prefill.minus(facts.queued());
        Context inRequest = Context.root().with(request);
        Span chat =
                tracer.spanBuilder("chat " + facts.model())
                        .setParent(inRequest)
                        .setStartTimestamp(queue)
                        .setAttribute("gen_ai.operation.name", "chat")
                        .setAttribute("gen_ai.provider.name", "scout4j")
                        .setAttribute("gen_ai.request.model", facts.model())
                        .setAttribute("gen_ai.request.stream", facts.stream())
                        .setAttribute("gen_ai.usage.input_tokens", (long) facts.promptTokens())
                        .setAttribute(
                                "gen_ai.usage.cache_read.input_tokens", (long) facts.cachedTokens())
                        .setAttribute("scout4j.images", (long) facts.images())
                        .setAttribute("scout4j.usage.image_tokens", (long) facts.imageTokens())
                        .setAttribute("gen_ai.usage.output_tokens", (long) facts.completionTokens())
                        .setAttribute(
                                AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"),
                                List.of(facts.finishReason()))
                        .setAttribute("gen_ai.latency.time_in_queue", seconds(facts.queued()))
                        .setAttribute(
                                "gen_ai.latency.time_to_first_token",
                                seconds(facts.queued().plus(facts.prefill())))
                        .startSpan();
        Context inChat = Context.root().with(chat);
        phase("scout4j.queue", inChat, queue, prefill);
        phase("scout4j.prefill", inChat, prefill, decode);
        phase("scout4j.decode", inChat, decode, end);
        chat.end(end);
    }

    private void phase(String name, Context parent, Instant begin, Instant end) {
        tracer.spanBuilder(name).setParent(parent).setStartTimestamp(begin).startSpan().end(end);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    /** Sends what is still held. */
    @Override
    public void close() {
        whenClosed.run();
    }
}

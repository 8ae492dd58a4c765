package org.scout4j.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.scout4j.Scout;
import org.scout4j.engine.EngineObserver;
import org.scout4j.engine.EngineStatus;
import org.scout4j.engine.GenerationReport;
import org.scout4j.engine.ImageReport;
import org.scout4j.engine.StepReport;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.ImageFetchReport;
import org.scout4j.server.Problem;
import org.scout4j.server.RequestObserver;
import org.scout4j.server.RequestReport;
import org.scout4j.server.Route;
import org.scout4j.server.ServedModel;
import org.scout4j.server.Startup;

/**
 * The server's metrics in Prometheus' text form (spec "Experience" §5). What engine and server
 * report becomes counts and histograms; nothing is estimated.
 */
public final class ServerMetrics implements EngineObserver, RequestObserver {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MetricAliases aliases;

    private final Counter textTokens = promptTokens("text");
    private final Counter cachedTokens = promptTokens("cached");
    private final Counter imageTokens = promptTokens("image");
    private final Counter toolParseFailures =
            counter("scout4j.tool.parse.failures", "Answers with a malformed tool call");
    private final Counter generatedTokens = counter("scout4j.generated.tokens", "Tokens generated");
    private final Counter queriedTokens =
            counter("scout4j.prefix.queried.tokens", "Prompt tokens looked up in the prefix cache");
    private final Counter hitTokens =
            counter("scout4j.prefix.hit.tokens", "Prompt tokens found in the prefix cache");
    private final Counter steps = counter("scout4j.steps", "Engine steps");
    private final Counter stepSeconds =
            counter("scout4j.step.seconds", "Time in engine steps: the model and sampling");
    private final Counter betweenStepsSeconds =
            counter(
                    "scout4j.between.steps.seconds",
                    "Time from one step to the next while there was work");
    private final Counter preemptions =
            counter("scout4j.preemptions", "Sequences whose cache pages were taken back");

    private final Timer ttft = timer("scout4j.ttft", "From submission to first token");
    private final Timer interToken = timer("scout4j.inter.token", "Between two tokens");
    private final Timer request = timer("scout4j.request", "From submission to last token");
    private final Timer queue = timer("scout4j.queue", "From submission to first step");
    private final Timer prefill = timer("scout4j.prefill", "From first step to first token");
    private final Timer decode = timer("scout4j.decode", "From first token to the end");
    private final Timer imageEncode =
            timer("scout4j.image.encode", "Encoding the tiles that a step needs");
    private final Counter imageTiles =
            counter("scout4j.image.tiles", "Tiles of images encoded, global tiles included");
    private final DistributionSummary stepTokens =
            DistributionSummary.builder("scout4j.step.tokens")
                    .description("Tokens computed in one step")
                    .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)
                    .register(registry);

    /**
     * Makes the metrics of one server.
     *
     * @param aliases other servers whose names are told too: {@code vllm}, {@code llamacpp}
     * @param build version
     */
    public ServerMetrics(ServedModel model, Startup startup, List<String> aliases, String build) {
        this.aliases = new MetricAliases(aliases);
        gauge("scout4j.requests.running", "Generations in steps", model, s -> s.status().running());
        gauge(
                "scout4j.requests.waiting",
                "Generations in the queue",
                model,
                s -> s.status().waiting());
        gauge("scout4j.kv.used.ratio", "Cache pages in use", model, s -> usedPages(s.status()));
        gauge(
                "scout4j.image.memory.bytes",
                "Memory that images of requests hold: being decoded, or as tiles",
                model,
                Scout::imageBytes);
        Gauge.builder("scout4j.ready", model, m -> m.ready() ? 1 : 0)
                .description("Whether requests are answered")
                .register(registry);
        Gauge.builder("scout4j.load.progress.ratio", startup, s -> s.progress().percent() / 100.0)
                .description("How far loading has come")
                .register(registry);
        Gauge.builder("scout4j.build.info", () -> 1)
                .description("The build that runs")
                .tag("version", build)
                .register(registry);
    }

    private static double usedPages(EngineStatus status) {
        return status.totalPages() == 0 ? 0 : (double) status.usedPages() / status.totalPages();
    }

    private void gauge(String name, String text, ServedModel model, ToDoubleFunction<Scout> value) {
        Gauge.builder(name, model, m -> m.loaded().map(value::applyAsDouble).orElse(0.0))
                .description(text)
                .register(registry);
    }

    private Counter promptTokens(String kind) {
        return Counter.builder("scout4j.prompt.tokens")
                .description(
                        "Tokens of prompts: computed (text), or taken from the prefix cache (cached);"
                                + " those of images are counted in addition (image)")
                .tag("kind", kind)
                .register(registry);
    }

    private Counter counter(String name, String text) {
        return Counter.builder(name).description(text).register(registry);
    }

    /** Buckets from a millisecond to an hour: slow machines count too. */
    private Timer timer(String name, String text) {
        return Timer.builder(name)
                .description(text)
                .serviceLevelObjectives(
                        millis(
                                1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000,
                                20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
                                3_600_000))
                .register(registry);
    }

    private static Duration[] millis(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }

    /** {@code GET /metrics}. */
    public Route route() {
        return new Route(
                "GET",
                "/metrics",
                Route.Access.METRICS,
                exchange -> exchange.reply(200, TEXT, text()));
    }

    /** All metrics now. */
    String text() {
        return aliases.addTo(registry.scrape());
    }

    @Override
    public void stepped(StepReport report) {
        steps.increment();
        stepTokens.record(report.decodeRows() + report.prefillRows());
        preemptions.increment(report.preemptions());
        stepSeconds.increment(report.stepNanos() / 1e9);
        betweenStepsSeconds.increment(report.idleNanos() / 1e9);
    }

    @Override
    public void tokenFollowed(long nanos) {
        interToken.record(Duration.ofNanos(nanos));
    }

    @Override
    public void encoded(ImageReport report) {
        imageEncode.record(report.duration());
        imageTiles.increment(report.tiles());
    }

    /** An image of another host has been fetched, or could not be; on any thread. */
    public void fetched(ImageFetchReport report) {
        Counter.builder("scout4j.image.fetches")
                .description("Images fetched from other hosts, by how that ended")
                .tag("outcome", report.outcome().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    @Override
    public void ended(GenerationReport report) {
        textTokens.increment(report.promptTokens() - report.cachedTokens());
        cachedTokens.increment(report.cachedTokens());
        queriedTokens.increment(report.promptTokens());
        hitTokens.increment(report.cachedTokens());
        generatedTokens.increment(report.generatedTokens());
        queue.record(report.queued());
        request.record(report.queued().plus(report.prefill()).plus(report.decode()));
        if (report.generatedTokens() > 0) {
            ttft.record(report.queued().plus(report.prefill()));
            prefill.record(report.prefill());
            decode.record(report.decode());
        }
    }

    @Override
    public void ended(RequestReport report) {
        Optional<GenerationFacts> facts = report.facts();
        facts.ifPresent(f -> imageTokens.increment(f.imageTokens()));
        facts.ifPresent(f -> toolParseFailures.increment(f.toolParseFailures()));
        facts.ifPresent(f ->
                Counter.builder("scout4j.requests")
                        .description("Requests that generated, by how they ended")
                        .tag("api", report.api())
                        .tag("finish_reason", f.finishReason())
                        .register(registry)
                        .increment());
        report.problem()
                .filter(problem -> facts.isEmpty())
                .ifPresent(problem ->
                        Counter.builder("scout4j.requests.rejected")
                                .description("Requests refused, by reason")
                                .tag("reason", reason(problem))
                                .register(registry)
                                .increment());
    }

    private static String reason(Problem problem) {
        return problem.code() == null ? problem.type() : problem.code();
    }
}

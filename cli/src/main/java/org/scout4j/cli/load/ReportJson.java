package org.scout4j.cli.load;

import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** A result as JSON. Times are seconds; what is not known is null. */
public final class ReportJson {
    private ReportJson() {}

    /** Writes the properties of an object that the caller has begun. */
    public static void write(JsonGenerator json, LoadResult result) {
        json.writeStringProperty("command", "bench serve");
        workload(json, result);
        json.writeBooleanProperty("stopped", result.stopped());
        json.writeArrayPropertyStart("servers");
        for (LoadResult.ServerResult server : result.servers()) {
            json.writeStartObject();
            json.writeStringProperty("url", server.target().toString());
            json.writeStringProperty("model", server.model());
            json.writeObjectPropertyStart("figures");
            figures(json, server.figures());
            json.writeEndObject();
            json.writeArrayPropertyStart("runs");
            for (LoadRun run : server.runs()) {
                json.writeStartObject();
                figures(json, Figures.of(run));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        ratios(json, result);
        json.writeArrayPropertyStart("warnings");
        Warnings.of(result).forEach(json::writeString);
        json.writeEndArray();
    }

    private static void workload(JsonGenerator json, LoadResult result) {
        LoadPlan plan = result.plan();
        Workload workload = result.workload();
        json.writeObjectPropertyStart("workload");
        json.writeStringProperty("api", result.servers().getFirst().target().api().text());
        switch (plan.arrivals()) {
            case LoadPlan.Arrivals.Clients clients -> {
                json.writeStringProperty("loop", "closed");
                json.writeNumberProperty("concurrency", clients.count());
            }
            case LoadPlan.Arrivals.Poisson poisson -> {
                json.writeStringProperty("loop", "open");
                json.writeNumberProperty("requests_per_second", poisson.perSecond());
            }
        }
        json.writeNumberProperty("warmup_requests", plan.warmup());
        json.writeStringProperty("prompt_tokens", workload.prompt().toString());
        json.writeStringProperty("answer_tokens", workload.answer().toString());
        json.writeNumberProperty("shared_prefix_tokens", workload.sharedPrefix());
        json.writeNumberProperty("prefix_groups", workload.prefixGroups());
        json.writeNumberProperty("seed", workload.seed());
        json.writeNumberProperty("temperature", plan.sampling().temperature());
        json.writeBooleanProperty("ignore_eos", plan.sampling().ignoreEos());
        json.writeEndObject();
    }

    private static void figures(JsonGenerator json, Figures figures) {
        json.writeNumberProperty("requests", figures.requests());
        json.writeNumberProperty("succeeded", figures.succeeded());
        json.writeNumberProperty("failed", figures.failed());
        json.writeNumberProperty("seconds", figures.seconds());
        json.writeNumberProperty("requests_per_second", figures.requestRate());
        json.writeNumberProperty("output_tokens", figures.outputTokens());
        json.writeNumberProperty("output_tokens_per_second", figures.outputRate());
        json.writeNumberProperty("prompt_tokens", figures.promptTokens());
        json.writeName("cached_tokens");
        Long cached = figures.cachedTokens();
        if (cached == null) {
            json.writeNull();
        } else {
            json.writeNumber((long) cached);
        }
        json.writeNumberProperty("total_tokens_per_second", figures.totalRate());
        json.writeNumberProperty("content_events", figures.contentEvents());
        json.writeNumberProperty("answers_without_usage", figures.untold());
        json.writeNumberProperty("answers_shorter_than_asked", figures.early());
        summary(json, "time_to_first_token_seconds", figures.firstToken());
        summary(json, "inter_token_seconds", figures.betweenEvents());
        summary(json, "time_per_output_token_seconds", figures.perToken());
        summary(json, "end_to_end_seconds", figures.whole());
        json.writeObjectPropertyStart("concurrency");
        json.writeNumberProperty("mean", figures.meanInFlight());
        json.writeNumberProperty("peak", figures.peakInFlight());
        json.writeEndObject();
        json.writeObjectPropertyStart("generator");
        summary(json, "lateness_seconds", figures.lateness());
        summary(json, "lag_seconds", figures.lag());
        json.writeNumberProperty("cpu_cores", figures.cores());
        json.writeEndObject();
        json.writeObjectPropertyStart("finish_reasons");
        figures.finishReasons().forEach(json::writeNumberProperty);
        json.writeEndObject();
        json.writeArrayPropertyStart("failures");
        for (Figures.Failures failures : figures.failures()) {
            json.writeStartObject();
            json.writeStringProperty("kind", failures.kind());
            json.writeNumberProperty("count", failures.count());
            json.writeStringProperty("example", failures.example());
            summary(json, "seconds", Optional.of(failures.whole()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void summary(JsonGenerator json, String name, Optional<Summary> summary) {
        json.writeName(name);
        if (summary.isEmpty()) {
            json.writeNull();
            return;
        }
        Summary values = summary.get();
        json.writeStartObject();
        json.writeNumberProperty("count", values.count());
        json.writeNumberProperty("mean", values.mean());
        json.writeNumberProperty("p50", values.p50());
        json.writeNumberProperty("p90", values.p90());
        json.writeNumberProperty("p95", values.p95());
        json.writeNumberProperty("p99", values.p99());
        json.writeNumberProperty("max", values.max());
        json.writeEndObject();
    }

    private static void ratios(JsonGenerator json, LoadResult result) {
        json.writeArrayPropertyStart("ratios");
        for (LoadResult.Ratio ratio : result.ratios()) {
            json.writeStartObject();
            json.writeStringProperty("name", ratio.name());
            json.writeStringProperty("better", ratio.higherIsBetter() ? "higher" : "lower");
            json.writeNumberProperty("min", ratio.min());
            json.writeNumberProperty("median", ratio.median());
            json.writeNumberProperty("max", ratio.max());
            json.writeArrayPropertyStart("pairs");
            for (double value : ratio.values()) {
                json.writeNumber(value);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}

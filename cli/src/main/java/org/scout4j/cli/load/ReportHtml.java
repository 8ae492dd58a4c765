package org.scout4j.cli.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.scout4j.cli.load.LoadResult.ServerResult;

/**
 * A result as one HTML file that is also well-formed XML: plots as SVG, every figure in a table as
 * well, no script, nothing from elsewhere.
 */
public final class ReportHtml {
    private static final double MILLIS = 1000;
    private static final int TIME_STEPS = 60;

    private static final String STYLE =
            """
            :root { color-scheme: light dark; --ink: #1b1f24; --faint: #626a73; --paper: #ffffff;
              --rule: #d9dde2; --s0: #1f6feb; --s1: #b35900; --bad: #c62828; --late: #8a63d2 }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6e8eb; --faint: #9aa3ad; --paper: #14171a; --rule: #363c43;
                --s0: #6ea8fe; --s1: #f0a040; --bad: #ff7b72; --late: #b79cf2 } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
              max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
            h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem }
            .wide { overflow-x: auto }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .6rem 0 }
            caption { text-align: left; color: var(--faint); padding-bottom: .3rem }
            th, td { text-align: right; padding: .2rem .8rem .2rem 0;
              border-bottom: 1px solid var(--rule); font-weight: normal }
            th:first-child { text-align: left } thead th { color: var(--faint) }
            .warning { border-left: 4px solid var(--bad); padding: .2rem .8rem; margin: .4rem 0 }
            svg { width: 100%; height: auto; display: block } svg text { font-size: 11px; fill: var(--faint) }
            .grid { stroke: var(--rule) } .line { fill: none; stroke-width: 2 }
            .s0 { stroke: var(--s0) } .s1 { stroke: var(--s1); stroke-dasharray: 7 4 }
            .key { display: inline-block; width: 1.6rem; border-top: 3px solid var(--s0);
              vertical-align: middle; margin-right: .4rem }
            .key.k1 { border-top: 3px dashed var(--s1) }
            .box { display: inline-block; width: .9rem; height: .7rem; margin: 0 .3rem 0 .8rem }
            .prefill { fill: var(--s1); background: var(--s1) }
            .decode { fill: var(--s0); background: var(--s0) }
            .late { fill: var(--late); background: var(--late) }
            .bad { fill: var(--bad); background: var(--bad) }
            """;

    private final StringBuilder html = new StringBuilder(1 << 16);
    private final LoadResult result;

    private ReportHtml(LoadResult result) {
        this.result = result;
    }

    /** The whole file. */
    public static String of(LoadResult result) {
        return new ReportHtml(result).page();
    }

    private String page() {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
                .append("<meta name=\"viewport\" content=\"width=device-width\"/>")
                .append("<meta http-equiv=\"Content-Security-Policy\"")
                .append(" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>")
                .append("<title>Serving benchmark</title><style>")
                .append(STYLE)
                .append("</style></head><body><main><h1>Serving benchmark</h1>");
        element("p", ReportText.describe(result));
        legend();
        for (String warning : Warnings.of(result)) {
            html.append("<p class=\"warning\">").append(Markup.escape(warning)).append("</p>");
        }
        totals();
        latencies();
        failures();
        ratios();
        plots();
        return html.append("</main></body></html>\n").toString();
    }

    private void legend() {
        html.append("<p>");
        for (int i = 0; i < result.servers().size(); i++) {
            ServerResult server = result.servers().get(i);
            html.append("<span class=\"key k").append(i).append("\"></span>");
            html.append(Markup.escape(server.target() + " (" + server.model() + ")"));
            html.append(i + 1 < result.servers().size() ? "<br/>" : "");
        }
        html.append("</p>");
    }

    private void totals() {
        html.append("<h2>Totals</h2>");
        List<List<String>> rows = new ArrayList<>();
        row(rows, "requests that succeeded", f -> format("%,d", f.succeeded()));
        row(rows, "requests that failed", f -> format("%,d", f.failed()));
        row(rows, "seconds", f -> format("%.1f", f.seconds()));
        row(rows, "requests a second", f -> format("%.2f", f.requestRate()));
        row(rows, "answer tokens", f -> format("%,d", f.outputTokens()));
        row(rows, "answer tokens a second", f -> format("%,.1f", f.outputRate()));
        row(rows, "prompt tokens", f -> format("%,d", f.promptTokens()));
        row(
                rows,
                "of them cached",
                f -> {
                    Long cached = f.cachedTokens();
                    return cached == null ? "not told" : format("%,d", cached);
                });
        row(rows, "all tokens a second", f -> format("%,.1f", f.totalRate()));
        row(rows, "requests under way, mean", f -> format("%.1f", f.meanInFlight()));
        row(rows, "requests under way, most", f -> format("%,d", f.peakInFlight()));
        List<String> head = new ArrayList<>(List.of(""));
        result.servers().forEach(server -> head.add(server.target().toString()));
        table("", head, rows);
    }

    private void row(List<List<String>> rows, String name, Function<Figures, String> value) {
        Stream<String> values = result.servers().stream().map(s -> value.apply(s.figures()));
        rows.add(Stream.concat(Stream.of(name), values).toList());
    }

    private void latencies() {
        html.append("<h2>Latencies</h2>");
        for (ServerResult server : result.servers()) {
            Figures figures = server.figures();
            List<List<String>> rows = new ArrayList<>();
            summary(rows, "to the first token", figures.firstToken());
            summary(rows, "between pieces of text", figures.betweenEvents());
            summary(rows, "per token of an answer", figures.perToken());
            summary(rows, "to the end of the answer", figures.whole());
            table(
                    server.target() + ", milliseconds",
                    List.of("", "count", "mean", "p50", "p90", "p95", "p99", "max"),
                    rows);
        }
    }

    private static void summary(List<List<String>> rows, String name, Optional<Summary> summary) {
        summary.ifPresent(s -> {
            List<String> row = new ArrayList<>(List.of(name, format("%,d", s.count())));
            for (double value :
                    new double[] {s.mean(), s.p50(), s.p90(), s.p95(), s.p99(), s.max()}) {
                row.add(format("%,.1f", value * MILLIS));
            }
            rows.add(row);
        });
    }

    private void failures() {
        List<List<String>> rows = new ArrayList<>();
        for (ServerResult server : result.servers()) {
            for (Figures.Failures failures : server.figures().failures()) {
                rows.add(
                        List.of(
                                server.target().toString(),
                                failures.kind(),
                                format("%,d", failures.count()),
                                failures.example()));
            }
        }
        if (!rows.isEmpty()) {
            html.append("<h2>Failures</h2>");
            table("", List.of("server", "kind", "count", "first of them"), rows);
        }
    }

    private void ratios() {
        List<LoadResult.Ratio> ratios = result.ratios();
        if (ratios.isEmpty()) {
            return;
        }
        html.append("<h2>The first divided by the second</h2>");
        List<List<String>> rows = new ArrayList<>();
        for (LoadResult.Ratio ratio : ratios) {
            rows.add(
                    List.of(
                            ratio.name().replace('_', ' '),
                            format("%.3f", ratio.min()),
                            format("%.3f", ratio.median()),
                            format("%.3f", ratio.max()),
                            ratio.higherIsBetter() ? "higher" : "lower"));
        }
        int pairs = result.servers().getFirst().runs().size();
        table(
                ReportText.plural(pairs, "pair") + " of runs with the same requests",
                List.of("", "min", "median", "max", "better"),
                rows);
    }

    private void plots() {
        plot(
                "Answer tokens a second over time",
                "First run. Tokens are spread over the pieces of text they came in.",
                "seconds",
                "tokens/s",
                server -> throughput(server));
        plot(
                "Time to the first token",
                "Share of answers whose first token came within so many milliseconds.",
                "ms",
                "% of answers",
                server -> cumulative(server, Figures::firstTokens));
        plot(
                "Time between pieces of text",
                "Share of pieces that came within so many milliseconds after the one before.",
                "ms",
                "% of pieces",
                server -> cumulative(server, Figures::gaps));
        plot(
                "Time to the end of the answer",
                "Share of answers that were complete within so many milliseconds.",
                "ms",
                "% of answers",
                server -> cumulative(server, Figures::wholes));
        for (ServerResult server : result.servers()) {
            waterfall(server);
        }
    }

    private void plot(
            String title,
            String description,
            String xLabel,
            String yLabel,
            Function<ServerResult, LinePlot.Series> series) {
        element("h2", title);
        element("p", description);
        List<LinePlot.Series> lines = result.servers().stream().map(series).toList();
        html.append(new LinePlot(title, description, xLabel, yLabel, lines).svg());
    }

    private static LinePlot.Series cumulative(
            ServerResult server, Function<List<Outcome>, double[]> values) {
        List<Outcome> good =
                server.runs().stream()
                        .flatMap(run -> run.outcomes().stream())
                        .filter(Outcome::succeeded)
                        .toList();
        return LinePlot.cumulative(server.target().toString(), values.apply(good), MILLIS);
    }

    private static LinePlot.Series throughput(ServerResult server) {
        List<Outcome> outcomes = server.runs().getFirst().outcomes();
        long last = Math.max(1, outcomes.stream().mapToLong(Outcome::ended).max().orElse(1));
        double step = last / (double) TIME_STEPS;
        double[] x = new double[TIME_STEPS];
        double[] y = new double[TIME_STEPS];
        for (Outcome outcome : outcomes) {
            double weight =
                    (double) outcome.outputTokens() / Math.max(1, outcome.contents().length);
            for (long time : outcome.contents()) {
                y[(int) Math.min(TIME_STEPS - 1, time / step)] += weight / (step / 1e9);
            }
        }
        for (int i = 0; i < TIME_STEPS; i++) {
            x[i] = (i + 0.5) * step / 1e9;
        }
        return new LinePlot.Series(server.target().toString(), x, y);
    }

    private void waterfall(ServerResult server) {
        List<Outcome> outcomes = server.runs().getFirst().outcomes();
        String title = "Requests of the first run on " + server.target();
        element("h2", title);
        html.append("<p>")
                .append("<span class=\"box late\"></span>sent late")
                .append("<span class=\"box prefill\"></span>until the first token")
                .append("<span class=\"box decode\"></span>answering")
                .append("<span class=\"box bad\"></span>failed; seconds.");
        if (outcomes.size() > Waterfall.MOST) {
            html.append(format(" The first %d of %,d.", Waterfall.MOST, outcomes.size()));
        }
        html.append("</p>").append(new Waterfall(title, outcomes).svg());
    }

    private void table(String caption, List<String> head, List<List<String>> rows) {
        html.append("<div class=\"wide\"><table>");
        if (!caption.isEmpty()) {
            element("caption", caption);
        }
        html.append("<thead><tr>");
        head.forEach(cell -> cell("th scope=\"col\"", "th", cell));
        html.append("</tr></thead><tbody>");
        for (List<String> row : rows) {
            html.append("<tr>");
            cell("th scope=\"row\"", "th", row.getFirst());
            row.stream().skip(1).forEach(cell -> cell("td", "td", cell));
            html.append("</tr>");
        }
        html.append("</tbody></table></div>");
    }

    private void cell(String open, String close, String text) {
        html.append('<').append(open).append('>');
        html.append(Markup.escape(text)).append("</").append(close).append('>');
    }

    private void element(String name, String text) {
        cell(name, name, text);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

package org.scout4j.cli.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A result as lines for a terminal. */
public final class ReportText {
    private ReportText() {}

    /** The figures, without warnings. */
    public static List<String> lines(LoadResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(describe(result));
        for (LoadResult.ServerResult server : result.servers()) {
            lines.add("");
            lines.add(server.target() + "  " + PlainWords.of(server.model()));
            figures(lines, server.figures());
        }
        if (!result.ratios().isEmpty()) {
            lines.add("");
            lines.add(
                    "The first divided by the second, of "
                            + plural(result.servers().getFirst().runs().size(), "pair"));
            lines.add(line("%-28s%9s%9s%9s", "", "min", "median", "max"));
            for (LoadResult.Ratio ratio : result.ratios()) {
                lines.add(
                        line(
                                "%-28s%9.3f%9.3f%9.3f  %s is better",
                                ratio.name(),
                                ratio.min(),
                                ratio.median(),
                                ratio.max(),
                                ratio.higherIsBetter() ? "higher" : "lower"));
            }
        }
        return lines;
    }

    /** Reasons to doubt the result. */
    public static List<String> warnings(LoadResult result) {
        return Warnings.of(result);
    }

    /** The plan in one line. */
    static String describe(LoadResult result) {
        LoadPlan plan = result.plan();
        Workload workload = result.workload();
        String arrivals =
                switch (plan.arrivals()) {
                    case LoadPlan.Arrivals.Clients clients -> clients.count() + " at a time";
                    case LoadPlan.Arrivals.Poisson poisson ->
                            line("%.3g requests/s, Poisson", poisson.perSecond());
                };
        Duration duration = plan.duration();
        String span = duration == null ? "" : " for " + duration.toMillis() / 1000.0 + " s";
        String prefix =
                workload.sharedPrefix() == 0
                        ? ""
                        : " ("
                                + workload.sharedPrefix()
                                + " shared"
                                + (workload.prefixGroups() == 1
                                        ? ")"
                                        : ", " + workload.prefixGroups() + " groups)");
        return arrivals
                + span
                + " · prompts of "
                + workload.prompt()
                + " tokens"
                + prefix
                + " · answers of "
                + workload.answer()
                + (plan.sampling().ignoreEos() ? "" : " at most")
                + " · temperature "
                + plan.sampling().temperature()
                + " · seed "
                + workload.seed();
    }

    private static void figures(List<String> lines, Figures figures) {
        lines.add(
                line(
                        "  requests        %,10d ok, %,d failed, in %.1f s  %.2f/s",
                        figures.succeeded(),
                        figures.failed(),
                        figures.seconds(),
                        figures.requestRate()));
        lines.add(
                line(
                        "  answer tokens   %,10d  %,.1f/s",
                        figures.outputTokens(), figures.outputRate()));
        Long cached = figures.cachedTokens();
        lines.add(
                line(
                        "  prompt tokens   %,10d%s; with answers %,.1f/s",
                        figures.promptTokens(),
                        cached == null ? "" : line(" (%,d cached)", cached),
                        figures.totalRate()));
        lines.add(
                line(
                        "  in flight       %10.1f mean, %d peak",
                        figures.meanInFlight(), figures.peakInFlight()));
        lines.add(
                line(
                        "  %-14s%10s%10s%10s%10s%10s%10s",
                        "ms", "mean", "p50", "p90", "p95", "p99", "max"));
        summary(lines, "first token", figures.firstToken());
        summary(lines, "inter-token", figures.betweenEvents());
        summary(lines, "per token", figures.perToken());
        summary(lines, "end to end", figures.whole());
        if (!figures.finishReasons().isEmpty()) {
            lines.add("  finish reasons  " + counts(figures));
        }
        for (Figures.Failures failures : figures.failures()) {
            lines.add(
                    line(
                            "  failed          %10d %s (p50 %.1f ms, p99 %.1f ms): %s",
                            failures.count(),
                            failures.kind(),
                            failures.whole().p50() * 1000,
                            failures.whole().p99() * 1000,
                            failures.example()));
        }
    }

    private static String counts(Figures figures) {
        List<String> counts = new ArrayList<>();
        figures.finishReasons().forEach((reason, count) -> counts.add(reason + " " + count));
        return String.join(", ", counts);
    }

    private static void summary(List<String> lines, String name, Optional<Summary> summary) {
        summary.ifPresent(s ->
                lines.add(
                        line(
                                "  %-14s%10.1f%10.1f%10.1f%10.1f%10.1f%10.1f",
                                name,
                                s.mean() * 1000,
                                s.p50() * 1000,
                                s.p90() * 1000,
                                s.p95() * 1000,
                                s.p99() * 1000,
                                s.max() * 1000)));
    }

    static String plural(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

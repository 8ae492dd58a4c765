package org.scout4j.cli.load;

import java.util.List;
import java.util.Locale;

/** Requests of one run as bars over time: waiting to be sent, until the first token, answering. */
record Waterfall(String title, List<Outcome> outcomes) {
    /** More bars than these would be thinner than a line. */
    static final int MOST = 150;

    private static final int WIDTH = 640;
    private static final int LEFT = 40;
    private static final int ROW = 5;
    private static final int FOOT = 24;

    String svg() {
        List<Outcome> shown = outcomes.stream().limit(MOST).toList();
        long last = Math.max(1, shown.stream().mapToLong(Outcome::ended).max().orElse(1));
        int height = shown.size() * ROW + FOOT;
        StringBuilder svg = new StringBuilder();
        svg.append(
                format(
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">",
                        WIDTH, height));
        svg.append("<title>").append(Markup.escape(title)).append("</title>");
        svg.append("<desc>One bar a request from its sending to its end. The table of latencies")
                .append(" tells the same in numbers.</desc>");
        for (int i = 0; i < shown.size(); i++) {
            Outcome one = shown.get(i);
            int y = i * ROW;
            svg.append("<g><title>").append(Markup.escape(describe(one))).append("</title>");
            long first = one.contents().length == 0 ? one.ended() : one.contents()[0];
            bar(svg, "late", one.scheduled(), one.started(), last, y);
            bar(svg, one.succeeded() ? "prefill" : "bad", one.started(), first, last, y);
            bar(svg, one.succeeded() ? "decode" : "bad", first, one.ended(), last, y);
            svg.append("</g>");
        }
        for (double tick : LinePlot.ticks(last / 1e9)) {
            svg.append(
                    format(
                            "<text text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%.4g</text>",
                            x((long) (tick * 1e9), last), height - 6, tick));
        }
        return svg.append("</svg>").toString();
    }

    private static void bar(StringBuilder svg, String kind, long from, long to, long last, int y) {
        if (to > from) {
            svg.append(
                    format(
                            "<rect class=\"%s\" x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\"/>",
                            kind,
                            x(from, last),
                            y,
                            Math.max(0.3, x(to, last) - x(from, last)),
                            ROW - 1));
        }
    }

    private static double x(long nanos, long last) {
        return LEFT + (double) nanos / last * (WIDTH - LEFT - 20);
    }

    private static String describe(Outcome one) {
        Outcome.Fault fault = one.fault();
        String end =
                fault == null
                        ? format("%d tokens", one.outputTokens())
                        : fault.kind() + ": " + fault.detail();
        return format(
                "request %d, %.3f s: %s", one.index(), (one.ended() - one.scheduled()) / 1e9, end);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

package org.scout4j.cli.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Lines over two axes as SVG. Colours are classes of the page's style sheet, so that they follow
 * its light or dark mode; lines differ by their dashes too.
 *
 * @param description what the plot shows, for those who do not see it
 */
record LinePlot(
        String title, String description, String xLabel, String yLabel, List<Series> series) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 280;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 28;
    private static final int BOTTOM = 44;

    /** Points of one line, x ascending. */
    record Series(String name, double[] x, double[] y) {}

    /** The share of values that are at most x, in percent, in at most 200 steps. */
    static Series cumulative(String name, double[] values, double factor) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        int steps = ascending.length == 0 ? 0 : Math.min(200, ascending.length);
        double[] x = new double[2 * steps];
        double[] y = new double[2 * steps];
        for (int i = 0; i < steps; i++) {
            double share = 100.0 * (i + 1) / steps;
            double value = Summary.percentile(ascending, share) * factor;
            x[2 * i] = value;
            y[2 * i] = 100.0 * i / steps;
            x[2 * i + 1] = value;
            y[2 * i + 1] = share;
        }
        return new Series(name, x, y);
    }

    String svg() {
        double mostX = most(series.stream().map(Series::x).toList());
        double mostY = most(series.stream().map(Series::y).toList());
        StringBuilder svg = new StringBuilder();
        svg.append(
                format(
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">",
                        WIDTH, HEIGHT));
        svg.append("<title>").append(Markup.escape(title)).append("</title>");
        svg.append("<desc>").append(Markup.escape(description)).append("</desc>");
        for (double tick : ticks(mostY)) {
            double y = y(tick, mostY);
            svg.append(
                    format(
                            "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
                            LEFT, y, WIDTH - RIGHT, y));
            svg.append(text("end", LEFT - 8, y + 4, number(tick)));
        }
        for (double tick : ticks(mostX)) {
            svg.append(text("middle", x(tick, mostX), HEIGHT - BOTTOM + 18, number(tick)));
        }
        svg.append(text("middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, xLabel));
        svg.append(text("start", 2, 10, yLabel));
        for (int i = 0; i < series.size(); i++) {
            svg.append(format("<polyline class=\"line s%d\" points=\"", i));
            Series one = series.get(i);
            for (int p = 0; p < one.x().length; p++) {
                svg.append(format("%.1f,%.1f ", x(one.x()[p], mostX), y(one.y()[p], mostY)));
            }
            svg.append("\"/>");
        }
        return svg.append("</svg>").toString();
    }

    private static double x(double value, double most) {
        return LEFT + value / most * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double most) {
        return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
    }

    private static double most(List<double[]> values) {
        double most = 0;
        for (double[] line : values) {
            for (double value : line) {
                most = Math.max(most, value);
            }
        }
        return most > 0 ? most : 1;
    }

    /** A few round numbers from 0 to the most, which is above 0. */
    static List<Double> ticks(double most) {
        double step = Math.pow(10, Math.floor(Math.log10(most)));
        step = most / step < 1.5 ? step / 4 : most / step < 3 ? step / 2 : step;
        step = most / step > 6 ? step * 2 : step;
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= most * 1.0001; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }

    private static String text(String anchor, double x, double y, String text) {
        return format("<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">", anchor, x, y)
                + Markup.escape(text)
                + "</text>";
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

package org.scout4j.vision;

import java.util.Arrays;

/**
 * Weights of one axis of an antialiased bilinear resize in fixed point, as Pillow computes it for 8
 * bits (spec "Model" §3.2): first along rows, rounded to 8 bits, then along columns.
 */
final class Resampling {
    private static final int FRACTION_BITS = 22;
    private static final int HALF = 1 << (FRACTION_BITS - 1);

    private final int in;
    private final int out;

    /** Most inputs of one output; the row length of {@link #weights}. */
    private final int taps;

    private final int[] first;
    private final int[] count;
    private final int[] weights;

    private Resampling(int in, int out) {
        this.in = in;
        this.out = out;
        double scale = (double) in / out;
        double support = Math.max(scale, 1);
        this.taps = 2 * (int) Math.ceil(support) + 1;
        this.first = new int[out];
        this.count = new int[out];
        this.weights = new int[Math.multiplyExact(out, taps)];
        double[] real = new double[taps];
        for (int i = 0; i < out; i++) {
            double centre = (i + 0.5) * scale;
            int begin = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), in);
            double sum = 0;
            for (int j = begin; j < end; j++) {
                real[j - begin] = Math.max(0, 1 - Math.abs((j - centre + 0.5) / support));
                sum += real[j - begin];
            }
            first[i] = begin;
            count[i] = end - begin;
            for (int t = 0; t < end - begin; t++) {
                weights[i * taps + t] = (int) (real[t] / sum * (1 << FRACTION_BITS) + 0.5);
            }
        }
    }

    /**
     * Resizes a picture, distorting it if need be.
     *
     * @return three bytes a pixel; the picture's own array if it has this size already
     */
    static byte[] resize(Picture picture, int width, int height) {
        byte[] rows = picture.rgb();
        if (width != picture.width()) {
            rows = new Resampling(picture.width(), width).alongRows(rows, picture.height());
        }
        if (height != picture.height()) {
            rows = new Resampling(picture.height(), height).alongColumns(rows, 3 * width);
        }
        return rows;
    }

    /** Bytes that {@link #resize} makes on its way, its result included. */
    static long bytes(int fromHeight, int width, int height) {
        return 3L * width * fromHeight + 3L * width * height;
    }

    private byte[] alongRows(byte[] source, int height) {
        byte[] target = new byte[Math.multiplyExact(3 * out, height)];
        for (int y = 0; y < height; y++) {
            row(source, 3 * in * y, target, 3 * out * y);
        }
        return target;
    }

    private void row(byte[] source, int from, byte[] target, int to) {
        for (int i = 0; i < out; i++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int at = from + 3 * first[i];
            int weight = i * taps;
            for (int end = weight + count[i]; weight < end; weight++, at += 3) {
                int k = weights[weight];
                red += k * (source[at] & 0xFF);
                green += k * (source[at + 1] & 0xFF);
                blue += k * (source[at + 2] & 0xFF);
            }
            target[to + 3 * i] = level(red);
            target[to + 3 * i + 1] = level(green);
            target[to + 3 * i + 2] = level(blue);
        }
    }

    private byte[] alongColumns(byte[] source, int rowBytes) {
        byte[] target = new byte[Math.multiplyExact(rowBytes, out)];
        int[] sums = new int[rowBytes];
        for (int i = 0; i < out; i++) {
            Arrays.fill(sums, HALF);
            for (int t = 0; t < count[i]; t++) {
                add(sums, source, rowBytes * (first[i] + t), weights[i * taps + t]);
            }
            int to = rowBytes * i;
            for (int x = 0; x < rowBytes; x++) {
                target[to + x] = level(sums[x]);
            }
        }
        return target;
    }

    private static void add(int[] sums, byte[] source, int from, int weight) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += weight * (source[from + x] & 0xFF);
        }
    }

    private static byte level(int sum) {
        return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
    }
}

package org.scout4j.vision;

import java.io.IOException;
import java.util.Arrays;

/** The alpha that stands beside a lossy WebP image: plain or lossless bytes, filtered. */
final class WebpAlpha {
    private WebpAlpha() {}

    /** The alpha of each pixel, from 0 to 255. */
    static byte[] levels(
            FileBytes file, WebpFile.Chunk chunk, WebpFile.Frame frame, Allowance allowance)
            throws ImageRefused, IOException {
        int width = frame.width();
        int flags = file.u8(chunk.at());
        int begin = chunk.at() + 1;
        int count = Math.multiplyExact(width, frame.height());
        byte[] levels;
        switch (flags & 3) {
            case 0 -> {
                if (chunk.end() - begin < count) {
                    throw Refusal.endsEarly();
                }
                levels = Arrays.copyOfRange(file.bytes(), begin, begin + count);
            }
            case 1 -> {
                LosslessBits bits = new LosslessBits(file.bytes(), begin, chunk.end());
                int[] argb = LosslessWebp.pixels(bits, width, frame.height(), allowance);
                levels = new byte[count];
                for (int i = 0; i < count; i++) {
                    levels[i] = (byte) (argb[i] >> 8);
                }
            }
            default -> throw Refusal.damaged("WebP");
        }
        unfilter(levels, width, flags >> 2 & 3);
        return levels;
    }

    /** Adds what each level was predicted to be, from its neighbours to the left and above. */
    private static void unfilter(byte[] levels, int width, int filter) {
        if (filter == 0) {
            return;
        }
        for (int i = 1; i < levels.length; i++) {
            boolean firstOfRow = i % width == 0;
            int left = firstOfRow ? 0 : levels[i - 1] & 0xFF;
            int above = i < width ? 0 : levels[i - width] & 0xFF;
            int predicted;
            if (i < width) {
                predicted = left;
            } else if (firstOfRow) {
                predicted = above;
            } else {
                predicted =
                        switch (filter) {
                            case 1 -> left;
                            case 2 -> above;
                            default -> Pixels.level(left + above - (levels[i - width - 1] & 0xFF));
                        };
            }
            levels[i] += (byte) predicted;
        }
    }
}

package org.scout4j.vision;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * A JPEG file: baseline, extended or progressive, gray, RGB, YCbCr, CMYK or YCCK, 8 bits a sample.
 * The reader gets tables, frame and scans, no application segments: their meaning (colour space,
 * orientation) is read here.
 *
 * @param clean the file that the reader gets
 * @param length of {@code clean} that is used
 * @param components 1, 3 or 4
 * @param luma whether the first three components are Y, Cb and Cr
 * @param scans in the file
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record JpegFile(
        byte[] clean,
        int length,
        int width,
        int height,
        int components,
        boolean luma,
        int scans,
        Orientation orientation)
        implements ImageFile {
    /** Each scan of a progressive file costs a walk over all blocks; encoders make about ten. */
    static final int MOST_SCANS = 64;

    /** More scans than this are read only if together they walk over few pixels. */
    static final int SCANS_OF_LARGE = 16;

    static final long MOST_SCANNED_PIXELS = 300_000_000;

    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);
    private static final int CR_TO_RED = fixed(1.40200);
    private static final int CB_TO_GREEN = fixed(0.34414);
    private static final int CR_TO_GREEN = fixed(0.71414);
    private static final int CB_TO_BLUE = fixed(1.77200);

    static boolean is(FileBytes file) {
        return file.has(0, "\u00ff\u00d8\u00ff");
    }

    static JpegFile of(FileBytes file) throws ImageRefused {
        return new JpegSegments(file).image();
    }

    @Override
    public String kind() {
        return "JPEG";
    }

    @Override
    public long workBytes() {
        // padded to whole blocks; several scans are collected as 16-bit coefficients
        long stored = (width + 32L) * (height + 32L) * components;
        long coefficients = scans > 1 ? 2 * stored : 0;
        long converted = components == 3 ? 0 : 3 * pixels();
        return length + stored + Math.max(coefficients, converted);
    }

    @Override
    public byte[] rgb() throws IOException {
        Raster raster = RasterReader.jpeg(clean, length);
        if (raster.getNumBands() != components
                || raster.getWidth() != width
                || raster.getHeight() != height
                || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
                || buffer.getData().length != components * pixels()) {
            throw new IOException("samples of another kind than the header's");
        }
        byte[] samples = buffer.getData();
        if (luma) {
            lumaToRgb(samples);
        }
        return switch (components) {
            case 1 -> gray(samples);
            case 3 -> samples;
            default -> fourInks(samples);
        };
    }

    /** In place. Of four components the last is left; the others become the inks' complements. */
    private void lumaToRgb(byte[] samples) {
        for (int i = 0; i < samples.length; i += components) {
            int y = samples[i] & 0xFF;
            int cb = (samples[i + 1] & 0xFF) - 128;
            int cr = (samples[i + 2] & 0xFF) - 128;
            int red = y + (CR_TO_RED * cr + HALF >> FRACTION_BITS);
            int green = y + (-CB_TO_GREEN * cb - CR_TO_GREEN * cr + HALF >> FRACTION_BITS);
            int blue = y + (CB_TO_BLUE * cb + HALF >> FRACTION_BITS);
            samples[i] = (byte) Pixels.level(red);
            samples[i + 1] = (byte) Pixels.level(green);
            samples[i + 2] = (byte) Pixels.level(blue);
        }
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << FRACTION_BITS) + 0.5);
    }

    private byte[] gray(byte[] samples) {
        byte[] rgb = new byte[3 * samples.length];
        for (int i = 0; i < samples.length; i++) {
            rgb[3 * i] = samples[i];
            rgb[3 * i + 1] = samples[i];
            rgb[3 * i + 2] = samples[i];
        }
        return rgb;
    }

    /** Inks are stored inverted, as Adobe does and Pillow assumes; no profile is applied. */
    private byte[] fourInks(byte[] samples) {
        byte[] rgb = new byte[Math.toIntExact(3 * pixels())];
        for (int from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
            int light = samples[from + 3] & 0xFF;
            for (int ink = 0; ink < 3; ink++) {
                int stored = samples[from + ink] & 0xFF;
                int amount = luma ? stored : 255 - stored;
                rgb[to + ink] = (byte) Pixels.level(light - Pixels.product(amount, light));
            }
        }
        return rgb;
    }
}

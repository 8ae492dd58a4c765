package org.scout4j.vision;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A WebP file: lossy or lossless, with or without alpha; of an animation the first frame on its
 * canvas, the rest of which is transparent. The reader gets lossy bitstreams only.
 *
 * @param file bytes in which the image lies
 * @param bits its bitstream
 * @param alpha the chunk beside a lossy bitstream; of no bytes if there is none
 * @param width of the canvas
 * @param height of the canvas
 * @param frame where the image lies on the canvas
 */
record WebpFile(
        FileBytes file,
        Chunk bits,
        boolean lossless,
        Chunk alpha,
        int width,
        int height,
        Frame frame,
        Orientation orientation)
        implements ImageFile {
    /** A pixel of these costs the reader several times what it costs in other files. */
    static final long MOST_LOSSY_PIXELS = 24_000_000;

    private static final int LOSSLESS_HEADER = 5;
    private static final int ALPHA_USED = 0x10;
    private static final long CODE_BYTES_A_BYTE = 256;
    private static final int HEADER = 12;
    private static final int CHUNK_HEADER = 8;

    /** The content of a part of the file. */
    record Chunk(int at, int size) {
        int end() {
            return at + size;
        }
    }

    /** Where the image lies. */
    record Frame(int left, int top, int width, int height) {}

    static boolean is(FileBytes file) {
        return file.has(0, "RIFF") && file.has(8, "WEBP");
    }

    static WebpFile of(FileBytes file) throws ImageRefused {
        long end = CHUNK_HEADER + file.little32(4);
        file.need(0, end);
        Chunks all = new Chunks(new FileBytes(file.bytes(), (int) end), HEADER);
        Orientation orientation = Orientation.UPRIGHT;
        if (all.exif >= 0) {
            FileBytes exif = new FileBytes(file.bytes(), (int) (all.exif + all.size(all.exif)));
            boolean prefixed = exif.has(all.exif, "Exif\0\0");
            orientation = Orientation.ofTiff(exif, all.exif + (prefixed ? 6 : 0));
        }
        if (all.bits < 0 && all.frame >= 0) {
            return animated(all, orientation);
        }
        all.checkBits();
        int width = all.width();
        int height = all.height();
        boolean differs =
                all.canvas >= 0 && (all.canvasWidth() != width || all.canvasHeight() != height);
        if (differs) {
            throw Refusal.damaged("WebP");
        }
        Frame frame = new Frame(0, 0, width, height);
        return all.image(width, height, frame, orientation);
    }

    private static WebpFile animated(Chunks all, Orientation orientation) throws ImageRefused {
        long at = all.frame;
        FileBytes inside = new FileBytes(all.file.bytes(), (int) (at + all.size(at)));
        Chunks image = new Chunks(inside, at + 16);
        image.checkBits();
        int left = 2 * inside.little24(at);
        int top = 2 * inside.little24(at + 3);
        Frame frame = new Frame(left, top, image.width(), image.height());
        int width = all.canvasWidth();
        int height = all.canvasHeight();
        boolean outside = left + frame.width() > width || top + frame.height() > height;
        boolean differs =
                inside.little24(at + 6) + 1 != frame.width()
                        || inside.little24(at + 9) + 1 != frame.height();
        if (outside || differs) {
            throw Refusal.damaged("WebP");
        }
        return image.image(width, height, frame, orientation);
    }

    /** Where the first chunk of each kind has its content; −1 for what is not there. */
    private static final class Chunks {
        private final FileBytes file;
        private long canvas = -1;
        private long alpha = -1;
        private long bits = -1;
        private boolean lossless;
        private long frame = -1;
        private long exif = -1;

        Chunks(FileBytes file, long begin) throws ImageRefused {
            this.file = file;
            long at = begin;
            while (at + CHUNK_HEADER <= file.end()) {
                long content = at + CHUNK_HEADER;
                file.need(content, size(content));
                note(at, content);
                at = content + size(content) + (size(content) & 1);
            }
        }

        private void note(long at, long content) {
            if (file.has(at, "VP8X") && canvas < 0) {
                canvas = content;
            } else if (file.has(at, "ALPH") && alpha < 0) {
                alpha = content;
            } else if (file.has(at, "VP8 ") && bits < 0) {
                bits = content;
            } else if (file.has(at, "VP8L") && bits < 0) {
                bits = content;
                lossless = true;
            } else if (file.has(at, "ANMF") && frame < 0) {
                frame = content;
            } else if (file.has(at, "EXIF") && exif < 0) {
                exif = content;
            }
        }

        long size(long content) throws ImageRefused {
            return file.little32(content - 4);
        }

        int canvasWidth() throws ImageRefused {
            return canvas < 0 ? 0 : file.little24(canvas + 4) + 1;
        }

        int canvasHeight() throws ImageRefused {
            return canvas < 0 ? 0 : file.little24(canvas + 7) + 1;
        }

        int width() throws ImageRefused {
            return lossless
                    ? ((int) file.little32(bits + 1) & 0x3FFF) + 1
                    : file.little16(bits + 6) & 0x3FFF;
        }

        int height() throws ImageRefused {
            return lossless
                    ? ((int) file.little32(bits + 1) >>> 14 & 0x3FFF) + 1
                    : file.little16(bits + 8) & 0x3FFF;
        }

        WebpFile image(int width, int height, Frame frame, Orientation orientation)
                throws ImageRefused {
            boolean withAlpha = alpha >= 0 && !lossless;
            return new WebpFile(
                    file,
                    new Chunk((int) bits, (int) size(bits)),
                    lossless,
                    withAlpha ? new Chunk((int) alpha, (int) size(alpha)) : new Chunk(0, 0),
                    width,
                    height,
                    frame,
                    orientation);
        }

        void checkBits() throws ImageRefused {
            if (bits < 0) {
                throw Refusal.damaged("WebP");
            }
            long size = size(bits);
            boolean sound;
            if (lossless) {
                sound = size > 5 && file.u8(bits) == 0x2F;
            } else {
                int tag = size > 10 ? file.little24(bits) : 1;
                boolean keyFrame = (tag & 1) == 0;
                boolean started = keyFrame && file.has(bits + 3, "\u009d\u0001\u002a");
                sound = started && 10L + (tag >> 5) <= size && width() > 0 && height() > 0;
            }
            if (!sound) {
                throw Refusal.damaged("WebP");
            }
        }
    }

    @Override
    public String kind() {
        return "WebP";
    }

    @Override
    public long mostPixels() {
        return lossless ? Long.MAX_VALUE : MOST_LOSSY_PIXELS;
    }

    @Override
    public long workBytes() {
        long stored = (frame.width() + 32L) * (frame.height() + 32L);
        if (lossless) {
            return losslessBytes(bits, stored) + 3 * pixels();
        }
        // the reader's copy of the file, its planes and its image
        long colours = bits.size() + 12 * stored;
        long transparency = alpha.size() == 0 ? 0 : losslessBytes(alpha, stored) + stored;
        return Math.max(colours, transparency) + 3 * stored + 3 * pixels();
    }

    /** Four bytes a pixel, twice if there is a palette, its transforms' parameters and codes. */
    private static long losslessBytes(Chunk bits, long pixels) {
        long codes = Math.min(LosslessWebp.MOST_CODE_BYTES, CODE_BYTES_A_BYTE * bits.size());
        return 9 * pixels + codes;
    }

    @Override
    public byte[] rgb(Allowance allowance) throws ImageRefused, IOException {
        byte[] rgb = Pixels.white(pixels());
        if (lossless) {
            int begin = bits.at() + LOSSLESS_HEADER;
            LosslessBits data = new LosslessBits(file.bytes(), begin, bits.end());
            int[] argb = LosslessWebp.pixels(data, frame.width(), frame.height(), allowance);
            putLossless(argb, (file.u8(bits.at() + 4) & ALPHA_USED) != 0, rgb);
        } else {
            putLossy(RasterReader.webp(lossyAlone(), allowance), rgb);
            if (alpha.size() > 0) {
                blend(WebpAlpha.levels(file, alpha, frame, allowance), rgb);
            }
        }
        return rgb;
    }

    /** A file of the lossy bitstream. */
    private byte[] lossyAlone() {
        int padded = bits.size() + (bits.size() & 1);
        ByteBuffer out = ByteBuffer.allocate(HEADER + CHUNK_HEADER + padded);
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {'R', 'I', 'F', 'F'}).putInt(4 + CHUNK_HEADER + padded);
        out.put(new byte[] {'W', 'E', 'B', 'P', 'V', 'P', '8', ' '}).putInt(bits.size());
        return out.put(file.bytes(), bits.at(), bits.size()).array();
    }

    private int rowStart(int y) {
        return 3 * ((frame.top() + y) * width + frame.left());
    }

    private void putLossless(int[] argb, boolean withAlpha, byte[] rgb) {
        for (int y = 0; y < frame.height(); y++) {
            int to = rowStart(y);
            for (int i = y * frame.width(); i < (y + 1) * frame.width(); i++, to += 3) {
                int opacity = withAlpha ? argb[i] >>> 24 : 255;
                rgb[to] = Pixels.onWhite(argb[i] >> 16 & 0xFF, opacity);
                rgb[to + 1] = Pixels.onWhite(argb[i] >> 8 & 0xFF, opacity);
                rgb[to + 2] = Pixels.onWhite(argb[i] & 0xFF, opacity);
            }
        }
    }

    private void putLossy(Raster raster, byte[] rgb) throws IOException {
        if (raster.getWidth() != frame.width()
                || raster.getHeight() != frame.height()
                || raster.getNumBands() != 3) {
            throw new IOException("an image of another kind than announced");
        }
        int[] row = new int[3 * frame.width()];
        for (int y = 0; y < frame.height(); y++) {
            raster.getPixels(0, y, frame.width(), 1, row);
            int to = rowStart(y);
            for (int i = 0; i < row.length; i++) {
                rgb[to + i] = (byte) row[i];
            }
        }
    }

    private void blend(byte[] levels, byte[] rgb) {
        for (int y = 0; y < frame.height(); y++) {
            int to = rowStart(y);
            for (int x = 0; x < 3 * frame.width(); x++) {
                int opacity = levels[y * frame.width() + x / 3] & 0xFF;
                rgb[to + x] = Pixels.onWhite(rgb[to + x] & 0xFF, opacity);
            }
        }
    }
}

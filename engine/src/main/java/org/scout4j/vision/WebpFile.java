package org.scout4j.vision;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A WebP file: lossy or lossless, with or without alpha; of an animation the first frame on its
 * canvas, the rest of which is transparent. The reader gets the bitstreams only.
 *
 * @param clean a file of this image alone, for the reader
 * @param width of the canvas
 * @param height of the canvas
 * @param frame where the image lies on the canvas
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WebpFile(byte[] clean, int width, int height, Frame frame, Orientation orientation)
        implements ImageFile {
    private static final int HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int EXTENDED = 10;
    private static final int ALPHA_FLAG = 0x10;

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
        byte[] clean = all.clean();
        int width = all.width();
        int height = all.height();
        boolean differs =
                all.canvas >= 0 && (all.canvasWidth() != width || all.canvasHeight() != height);
        if (differs) {
            throw Refusal.damaged("WebP");
        }
        return new WebpFile(clean, width, height, new Frame(0, 0, width, height), orientation);
    }

    private static WebpFile animated(Chunks all, Orientation orientation) throws ImageRefused {
        long at = all.frame;
        FileBytes inside = new FileBytes(all.file.bytes(), (int) (at + all.size(at)));
        Chunks image = new Chunks(inside, at + 16);
        byte[] clean = image.clean();
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
        return new WebpFile(clean, width, height, frame, orientation);
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

        /** The image as a file of its own. */
        byte[] clean() throws ImageRefused {
            if (bits < 0) {
                throw Refusal.damaged("WebP");
            }
            checkBits();
            boolean withAlpha = alpha >= 0 && !lossless;
            int size = HEADER + padded(bits);
            if (withAlpha) {
                size += CHUNK_HEADER + EXTENDED + padded(alpha);
            }
            ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            out.put(file.bytes(), 0, 4).putInt(size - CHUNK_HEADER).put(file.bytes(), 8, 4);
            if (withAlpha) {
                out.put(new byte[] {'V', 'P', '8', 'X'}).putInt(EXTENDED).putInt(ALPHA_FLAG);
                put24(out, width() - 1);
                put24(out, height() - 1);
                put(out, alpha);
            }
            put(out, bits);
            return out.array();
        }

        private void checkBits() throws ImageRefused {
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

        private int padded(long content) throws ImageRefused {
            return CHUNK_HEADER + (int) (size(content) + (size(content) & 1));
        }

        private void put(ByteBuffer out, long content) throws ImageRefused {
            int begin = out.position();
            int length = CHUNK_HEADER + (int) size(content);
            out.put(file.bytes(), (int) content - CHUNK_HEADER, length);
            out.position(begin + padded(content));
        }

        private static void put24(ByteBuffer out, int value) {
            out.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
        }
    }

    @Override
    public String kind() {
        return "WebP";
    }

    @Override
    public long workBytes() {
        // the reader's planes, its image of up to four bytes a pixel, and an alpha plane's image
        long stored = (frame.width() + 32L) * (frame.height() + 32L);
        return clean.length + 12 * stored + 3 * pixels();
    }

    @Override
    public byte[] rgb(Allowance allowance) throws IOException {
        Raster raster = RasterReader.webp(clean, clean.length, allowance);
        int bands = raster.getNumBands();
        if (raster.getWidth() != frame.width()
                || raster.getHeight() != frame.height()
                || bands != 3 && bands != 4) {
            throw new IOException("an image of another size than announced");
        }
        byte[] rgb = Pixels.white(pixels());
        int[] row = new int[frame.width() * bands];
        for (int y = 0; y < frame.height(); y++) {
            raster.getPixels(0, y, frame.width(), 1, row);
            int to = 3 * ((frame.top() + y) * width + frame.left());
            for (int x = 0; x < frame.width(); x++) {
                int alpha = bands == 4 ? row[bands * x + 3] : 255;
                for (int band = 0; band < 3; band++) {
                    rgb[to + 3 * x + band] = Pixels.onWhite(row[bands * x + band], alpha);
                }
            }
        }
        return rgb;
    }
}

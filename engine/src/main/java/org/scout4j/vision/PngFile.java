package org.scout4j.vision;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A PNG file. Of its chunks the reader gets IHDR, PLTE and one IDAT; no text, profile or unknown
 * chunk is unpacked. Samples of 16 bits become 8 by their high byte, those of gray as well (Pillow
 * cuts gray ones off at 255). A transparent colour (tRNS) is transparent in RGB images too.
 *
 * @param clean the file that the reader gets
 * @param length of {@code clean} that is used
 * @param colour the colour type: 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA
 * @param palette three bytes a colour; empty if there is none
 * @param transparency the content of tRNS; empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PngFile(
        byte[] clean,
        int length,
        int width,
        int height,
        int depth,
        int colour,
        byte[] palette,
        byte[] transparency,
        Orientation orientation)
        implements ImageFile {
    private static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";
    private static final int PALETTE = 3;
    private static final byte[] NONE = {};

    static boolean is(FileBytes file) {
        return file.has(0, SIGNATURE);
    }

    static PngFile of(FileBytes file) throws ImageRefused {
        Chunks chunks = new Chunks(file);
        chunks.walk();
        return chunks.image();
    }

    /** What is met on the way along the chunks. */
    private static final class Chunks {
        private final FileBytes file;
        private final ByteBuffer data;
        private long header = -1;
        private byte @Nullable [] palette;
        private byte @Nullable [] transparency;
        private Orientation orientation = Orientation.UPRIGHT;

        Chunks(FileBytes file) {
            this.file = file;
            this.data = ByteBuffer.allocate(file.end());
        }

        void walk() throws ImageRefused {
            long at = SIGNATURE.length();
            while (!file.has(at + 4, "IEND")) {
                long length = file.big32(at);
                file.need(at, length + 12);
                chunk(at, (int) length);
                at += length + 12;
            }
            if (header < 0 || data.position() == 0) {
                throw Refusal.damaged("PNG");
            }
        }

        private void chunk(long at, int length) throws ImageRefused {
            long content = at + 8;
            if (header < 0 && !file.has(at + 4, "IHDR")) {
                throw Refusal.damaged("PNG");
            }
            if (file.has(at + 4, "IDAT")) {
                check(at, length);
                data.put(file.bytes(), (int) content, length);
            } else if (file.has(at + 4, "IHDR") && header < 0 && length == 13) {
                check(at, length);
                header = content;
            } else if (file.has(at + 4, "PLTE")) {
                palette = content(at, length);
            } else if (file.has(at + 4, "tRNS")) {
                transparency = content(at, length);
            } else if (file.has(at + 4, "eXIf")) {
                FileBytes exif = new FileBytes(file.bytes(), (int) content + length);
                orientation = Orientation.ofTiff(exif, content);
            } else if ((file.u8(at + 4) & 0x20) == 0) {
                throw Refusal.damaged("PNG"); // a critical chunk that is unknown, or twice there
            }
        }

        private void check(long at, int length) throws ImageRefused {
            CRC32 crc = new CRC32();
            crc.update(file.bytes(), (int) at + 4, length + 4);
            if (crc.getValue() != file.big32(at + 8 + length)) {
                throw Refusal.damaged("PNG");
            }
        }

        private byte[] content(long at, int length) throws ImageRefused {
            check(at, length);
            return Arrays.copyOfRange(file.bytes(), (int) at + 8, (int) at + 8 + length);
        }

        PngFile image() throws ImageRefused {
            int depth = file.u8(header + 8);
            int colour = file.u8(header + 9);
            int interlace = file.u8(header + 12);
            boolean known =
                    switch (colour) {
                        case 0 -> depth <= 16 && Integer.bitCount(depth) == 1;
                        case PALETTE -> depth <= 8 && Integer.bitCount(depth) == 1;
                        case 2, 4, 6 -> depth == 8 || depth == 16;
                        default -> false;
                    };
            byte[] colours = colour == PALETTE && palette != null ? palette : NONE;
            boolean paletteWrong =
                    colours.length % 3 != 0
                            || colours.length > 3 * 256
                            || colour == PALETTE && colours.length == 0;
            int method = file.u8(header + 10) | file.u8(header + 11);
            if (!known || paletteWrong || method != 0 || interlace > 1) {
                throw Refusal.damaged("PNG");
            }
            long width = file.big32(header);
            long height = file.big32(header + 4);
            if (width < 1
                    || height < 1
                    || width > Integer.MAX_VALUE
                    || height > Integer.MAX_VALUE) {
                throw Refusal.damaged("PNG");
            }
            ByteBuffer clean = clean(colours);
            return new PngFile(
                    clean.array(),
                    clean.position(),
                    (int) width,
                    (int) height,
                    depth,
                    colour,
                    colours,
                    transparency == null || colour > PALETTE ? NONE : transparency,
                    orientation);
        }

        private ByteBuffer clean(byte[] colours) {
            int size = SIGNATURE.length() + 25 + 12 + colours.length + 12 + data.position() + 12;
            ByteBuffer out = ByteBuffer.allocate(size);
            out.put(file.bytes(), 0, SIGNATURE.length());
            put(out, "IHDR", file.bytes(), (int) header, 13);
            if (colours.length > 0) {
                put(out, "PLTE", colours, 0, colours.length);
            }
            put(out, "IDAT", data.array(), 0, data.position());
            put(out, "IEND", NONE, 0, 0);
            return out;
        }

        private static void put(ByteBuffer out, String type, byte[] from, int at, int length) {
            CRC32 crc = new CRC32();
            out.putInt(length);
            int begin = out.position();
            out.putInt(
                    type.charAt(0) << 24
                            | type.charAt(1) << 16
                            | type.charAt(2) << 8
                            | type.charAt(3));
            out.put(from, at, length);
            crc.update(out.array(), begin, length + 4);
            out.putInt((int) crc.getValue());
        }
    }

    @Override
    public String kind() {
        return "PNG";
    }

    private int samples() {
        return switch (colour) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
    }

    @Override
    public long workBytes() {
        long stored = pixels() * samples() * (depth == 16 ? 2 : 1);
        long row = 8L * width * samples() * 4;
        return length + stored + row + 3 * pixels();
    }

    @Override
    public byte[] rgb(Allowance allowance) throws IOException {
        Raster raster = RasterReader.png(clean, length, allowance);
        if (raster.getNumBands() != samples() || raster.getWidth() != width) {
            throw new IOException("samples of another kind than the header's");
        }
        byte[] rgb = new byte[Math.toIntExact(3 * pixels())];
        int[] row = new int[width * samples()];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            int to = 3 * y * width;
            switch (colour) {
                case 0 -> gray(row, rgb, to);
                case 2 -> colours(row, rgb, to);
                case PALETTE -> indices(row, rgb, to);
                case 4 -> grayAndAlpha(row, rgb, to);
                default -> coloursAndAlpha(row, rgb, to);
            }
        }
        return rgb;
    }

    private int level(int sample) {
        return depth == 16 ? sample >> 8 : sample * 255 / ((1 << depth) - 1);
    }

    /** The sample that tRNS names at this place; −1, which no sample is, if it names none. */
    private int transparent(int sample) {
        int at = 2 * sample;
        return colour == PALETTE || transparency.length < at + 2
                ? -1
                : ((transparency[at] & 0xFF) << 8 | transparency[at + 1] & 0xFF)
                        & ((1 << depth) - 1);
    }

    private void gray(int[] row, byte[] rgb, int to) {
        int transparent = transparent(0);
        for (int x = 0; x < width; x++) {
            byte level = row[x] == transparent ? (byte) 255 : (byte) level(row[x]);
            rgb[to + 3 * x] = level;
            rgb[to + 3 * x + 1] = level;
            rgb[to + 3 * x + 2] = level;
        }
    }

    private void colours(int[] row, byte[] rgb, int to) {
        int red = transparent(0);
        int green = transparent(1);
        int blue = transparent(2);
        for (int i = 0; i < 3 * width; i += 3) {
            boolean hidden = row[i] == red && row[i + 1] == green && row[i + 2] == blue;
            rgb[to + i] = hidden ? (byte) 255 : (byte) level(row[i]);
            rgb[to + i + 1] = hidden ? (byte) 255 : (byte) level(row[i + 1]);
            rgb[to + i + 2] = hidden ? (byte) 255 : (byte) level(row[i + 2]);
        }
    }

    private void indices(int[] row, byte[] rgb, int to) {
        Palette colours = new Palette(palette, transparency);
        for (int x = 0; x < width; x++) {
            colours.put(row[x], rgb, to + 3 * x);
        }
    }

    private void grayAndAlpha(int[] row, byte[] rgb, int to) {
        for (int x = 0; x < width; x++) {
            byte level = Pixels.onWhite(level(row[2 * x]), level(row[2 * x + 1]));
            rgb[to + 3 * x] = level;
            rgb[to + 3 * x + 1] = level;
            rgb[to + 3 * x + 2] = level;
        }
    }

    private void coloursAndAlpha(int[] row, byte[] rgb, int to) {
        for (int x = 0; x < width; x++) {
            int alpha = level(row[4 * x + 3]);
            for (int band = 0; band < 3; band++) {
                rgb[to + 3 * x + band] = Pixels.onWhite(level(row[4 * x + band]), alpha);
            }
        }
    }
}

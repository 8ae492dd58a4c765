package org.scout4j.vision;

/**
 * A BMP file: uncompressed of 1, 4, 8, 16, 24 and 32 bits, and 16 and 32 bits with masks. It is
 * read here: the format can point to other files and hold other formats, and readers follow it.
 *
 * @param pixelsAt where the rows begin
 * @param colours three bytes each; empty above 8 bits
 * @param masks of red, green, blue and alpha; all 0 up to 8 bits and for 24
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BmpFile(
        FileBytes file,
        int width,
        int height,
        boolean topDown,
        int depth,
        long pixelsAt,
        byte[] colours,
        int[] masks)
        implements ImageFile {
    private static final int FILE_HEADER = 14;
    private static final int OLD_HEADER = 12;
    private static final int ORDINARY_HEADER = 40;
    private static final int LONGEST_HEADER = 124;
    private static final int HEADER_WITH_ALPHA_MASK = 56;

    static boolean is(FileBytes file) {
        return file.has(0, "BM");
    }

    static BmpFile of(FileBytes file) throws ImageRefused {
        long header = file.little32(FILE_HEADER);
        boolean old = header == OLD_HEADER;
        if (!old && (header < ORDINARY_HEADER || header > LONGEST_HEADER)) {
            throw Refusal.damaged("BMP");
        }
        long width = old ? file.little16(18) : (int) file.little32(18);
        long height = old ? file.little16(20) : (int) file.little32(22);
        int depth = file.little16(old ? 24 : 28);
        long compression = old ? 0 : file.little32(30);
        boolean masked = compression == 3 && (depth == 16 || depth == 32);
        if (compression != 0 && !masked) {
            throw Refusal.unsupported("a compressed BMP");
        }
        if (width < 1 || height == 0 || height == Integer.MIN_VALUE) {
            throw Refusal.damaged("BMP");
        }
        int[] masks = masked ? givenMasks(file, (int) header) : usualMasks(depth);
        byte[] colours = colours(file, header, depth);
        BmpFile image =
                new BmpFile(
                        file,
                        (int) width,
                        (int) Math.abs(height),
                        height < 0,
                        depth,
                        file.little32(10),
                        colours,
                        masks);
        file.need(image.pixelsAt, image.rowBytes() * image.height);
        return image;
    }

    private static int[] usualMasks(int depth) throws ImageRefused {
        return switch (depth) {
            case 1, 4, 8, 24 -> new int[4];
            case 16 -> new int[] {0x7C00, 0x3E0, 0x1F, 0};
            case 32 -> new int[] {0xFF0000, 0xFF00, 0xFF, 0};
            default -> throw Refusal.unsupported("a BMP of " + depth + " bits a pixel");
        };
    }

    private static int[] givenMasks(FileBytes file, int header) throws ImageRefused {
        int[] masks = new int[4];
        int count = header >= HEADER_WITH_ALPHA_MASK ? 4 : 3;
        for (int i = 0; i < count; i++) {
            masks[i] = (int) file.little32(FILE_HEADER + ORDINARY_HEADER + 4L * i);
            int run = masks[i] >>> Integer.numberOfTrailingZeros(masks[i]);
            boolean whole = masks[i] == 0 || (run & run + 1) == 0 && Integer.bitCount(run) <= 16;
            if (!whole || masks[i] == 0 && i < 3) {
                throw Refusal.damaged("BMP");
            }
        }
        return masks;
    }

    private static byte[] colours(FileBytes file, long header, int depth) throws ImageRefused {
        if (depth > 8) {
            return new byte[0];
        }
        boolean old = header == OLD_HEADER;
        long used = old ? 0 : file.little32(46);
        int count = used == 0 ? 1 << depth : (int) Math.min(used, 1 << depth);
        int size = old ? 3 : 4;
        byte[] colours = new byte[3 * count];
        for (int i = 0; i < colours.length; i++) {
            long entry = FILE_HEADER + header + (long) size * (i / 3);
            colours[i] = (byte) file.u8(entry + 2 - i % 3);
        }
        return colours;
    }

    private long rowBytes() {
        return ((long) width * depth + 31) / 32 * 4;
    }

    @Override
    public String kind() {
        return "BMP";
    }

    @Override
    public Orientation orientation() {
        return Orientation.UPRIGHT;
    }

    @Override
    public long workBytes() {
        return 3 * pixels();
    }

    @Override
    public byte[] rgb(Allowance allowance) throws ImageRefused {
        byte[] rgb = new byte[Math.toIntExact(3 * pixels())];
        Palette palette = new Palette(colours, new byte[0]);
        for (int y = 0; y < height; y++) {
            int from = (int) (pixelsAt + rowBytes() * (topDown ? y : height - 1 - y));
            int to = 3 * y * width;
            switch (depth) {
                case 1, 4, 8 -> indices(palette, from, rgb, to);
                case 24 -> colours(from, rgb, to);
                default -> masked(from, rgb, to);
            }
        }
        return rgb;
    }

    private void indices(Palette palette, int from, byte[] rgb, int to) {
        for (int x = 0; x < width; x++) {
            int bit = x * depth;
            int shift = 8 - depth - bit % 8;
            int number = file.bytes()[from + bit / 8] >> shift & (1 << depth) - 1;
            palette.put(number, rgb, to + 3 * x);
        }
    }

    private void colours(int from, byte[] rgb, int to) {
        byte[] bytes = file.bytes();
        for (int i = 0; i < 3 * width; i += 3) {
            rgb[to + i] = bytes[from + i + 2];
            rgb[to + i + 1] = bytes[from + i + 1];
            rgb[to + i + 2] = bytes[from + i];
        }
    }

    private void masked(int from, byte[] rgb, int to) throws ImageRefused {
        for (int x = 0; x < width; x++) {
            long at = from + (long) x * depth / 8;
            int pixel = depth == 16 ? file.little16(at) : (int) file.little32(at);
            int alpha = masks[3] == 0 ? 255 : level(pixel, masks[3]);
            for (int band = 0; band < 3; band++) {
                rgb[to + 3 * x + band] = Pixels.onWhite(level(pixel, masks[band]), alpha);
            }
        }
    }

    /** The bits of a mask, from 0 to 255. */
    private static int level(int pixel, int mask) {
        int shift = Integer.numberOfTrailingZeros(mask);
        return ((pixel & mask) >>> shift) * 255 / (mask >>> shift);
    }
}

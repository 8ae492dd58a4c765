package org.scout4j.vision;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * The first frame of a GIF file on its logical screen; what follows it is not looked at. The rest
 * of the screen shows the transparent colour if there is one, else colour 0, as Pillow has it. A
 * frame that juts out makes the screen larger.
 *
 * @param clean a file of this frame alone, for the reader
 * @param width of the screen
 * @param height of the screen
 * @param colours three bytes each
 * @param transparent number of the transparent colour, −1 if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GifFile(byte[] clean, int width, int height, Frame frame, byte[] colours, int transparent)
        implements ImageFile {
    private static final int COLOURS = 256;
    private static final int HEADER = 13;
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2C;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int TRAILER = 0x3B;

    /** Where the compressed data begin in a file of one frame: header, colours, frame's header. */
    private static final int CODES = HEADER + 3 * COLOURS + 10;

    /** Where a frame lies on the screen. */
    record Frame(int left, int top, int width, int height) {}

    static boolean is(FileBytes file) {
        return file.has(0, "GIF87a") || file.has(0, "GIF89a");
    }

    static GifFile of(FileBytes file) throws ImageRefused {
        int flags = file.u8(10);
        int transparent = -1;
        long at = HEADER + tableBytes(flags);
        while (file.u8(at) != FRAME) {
            if (file.u8(at) != EXTENSION) {
                throw Refusal.damaged("GIF");
            }
            if (file.u8(at + 1) == GRAPHIC_CONTROL && file.u8(at + 2) >= 4) {
                transparent = (file.u8(at + 3) & 1) != 0 ? file.u8(at + 6) : -1;
            }
            at = blocksEnd(file, at + 2);
        }
        return ofFrame(file, at, transparent);
    }

    private static GifFile ofFrame(FileBytes file, long at, int transparent) throws ImageRefused {
        int flags = file.u8(at + 9);
        Frame frame =
                new Frame(
                        file.little16(at + 1),
                        file.little16(at + 3),
                        file.little16(at + 5),
                        file.little16(at + 7));
        long data = at + 10 + tableBytes(flags);
        int codeBits = file.u8(data);
        long end = blocksEnd(file, data + 1);
        if (frame.width() < 1 || frame.height() < 1 || codeBits < 1 || codeBits > 8) {
            throw Refusal.damaged("GIF");
        }
        byte[] colours = grays();
        if (tableBytes(flags) > 0) {
            colours = table(file, at + 10, tableBytes(flags));
        } else if (tableBytes(file.u8(10)) > 0) {
            colours = table(file, HEADER, tableBytes(file.u8(10)));
        }
        return new GifFile(
                clean(file, frame, flags & 0x40, data, end),
                Math.max(file.little16(6), frame.left() + frame.width()),
                Math.max(file.little16(8), frame.top() + frame.height()),
                frame,
                colours,
                transparent);
    }

    private static int tableBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    private static byte[] table(FileBytes file, long at, int length) throws ImageRefused {
        file.need(at, length);
        return Arrays.copyOfRange(file.bytes(), (int) at, (int) at + length);
    }

    /** What a GIF without any colours shows. */
    private static byte[] grays() {
        byte[] grays = new byte[3 * COLOURS];
        for (int i = 0; i < grays.length; i++) {
            grays[i] = (byte) (i / 3);
        }
        return grays;
    }

    /** Where a chain of blocks that begins here has ended, its empty last block included. */
    private static long blocksEnd(FileBytes file, long begin) throws ImageRefused {
        long at = begin;
        while (file.u8(at) != 0) {
            at += 1 + file.u8(at);
        }
        return at + 1;
    }

    /** With a table of 256 colours, so that each sample is a byte. */
    private static byte[] clean(FileBytes file, Frame frame, int interlace, long data, long end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) (end - data) + 1024);
        out.writeBytes(new byte[] {'G', 'I', 'F', '8', '9', 'a'});
        little16(out, frame.width());
        little16(out, frame.height());
        out.writeBytes(new byte[] {(byte) 0xF7, 0, 0});
        out.writeBytes(grays());
        out.write(FRAME);
        little16(out, 0);
        little16(out, 0);
        little16(out, frame.width());
        little16(out, frame.height());
        out.write(interlace);
        out.write(file.bytes(), (int) data, (int) (end - data));
        out.write(TRAILER);
        return out.toByteArray();
    }

    private static void little16(ByteArrayOutputStream out, int value) {
        out.write(value);
        out.write(value >> 8);
    }

    @Override
    public String kind() {
        return "GIF";
    }

    @Override
    public Orientation orientation() {
        return Orientation.UPRIGHT;
    }

    @Override
    public long workBytes() {
        return clean.length + (long) frame.width() * frame.height() + 3 * pixels();
    }

    @Override
    public byte[] rgb(Allowance allowance) throws ImageRefused, IOException {
        if (!GifCodes.hold(clean, CODES, (long) frame.width() * frame.height())) {
            throw Refusal.endsEarly();
        }
        Raster raster = RasterReader.gif(clean, clean.length, allowance);
        if (raster.getWidth() != frame.width() || raster.getHeight() != frame.height()) {
            throw new IOException("a frame of another size than announced");
        }
        byte[] alpha = new byte[COLOURS];
        Arrays.fill(alpha, (byte) 255);
        if (transparent >= 0) {
            alpha[transparent] = 0;
        }
        Palette palette = new Palette(colours, alpha);
        byte[] rgb = new byte[Math.toIntExact(3 * pixels())];
        for (int i = 0; i < rgb.length; i += 3) {
            palette.put(Math.max(transparent, 0), rgb, i);
        }
        int[] row = new int[frame.width()];
        for (int y = 0; y < frame.height(); y++) {
            raster.getPixels(0, y, frame.width(), 1, row);
            int to = 3 * ((frame.top() + y) * width + frame.left());
            for (int x = 0; x < row.length; x++) {
                palette.put(row[x], rgb, to + 3 * x);
            }
        }
        return rgb;
    }
}

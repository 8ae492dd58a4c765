package org.scout4j.vision;

/** A walk over the segments of a JPEG file. */
final class JpegSegments {
    private static final int START_OF_SCAN = 0xDA;
    private static final int END = 0xD9;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int COMMENT = 0xFE;
    private static final int NO_ADOBE = -1;

    private final FileBytes file;
    private final byte[] clean;
    private int length;

    private long frame = -1;
    private int scans;
    private boolean jfif;
    private int adobe = NO_ADOBE;
    private Orientation orientation = Orientation.UPRIGHT;
    private boolean oriented;

    JpegSegments(FileBytes file) {
        this.file = file;
        this.clean = new byte[file.end()];
    }

    JpegFile image() throws ImageRefused {
        keep(0, 2);
        long at = 2;
        int marker = marker(at);
        while (marker != END) {
            at = afterFill(at);
            int size = file.big16(at + 2);
            if (size < 2) {
                throw Refusal.damaged("JPEG");
            }
            file.need(at, size + 2L);
            at = segment(marker, at, size);
            marker = marker(at);
        }
        if (frame < 0 || scans == 0) {
            throw Refusal.damaged("JPEG");
        }
        clean[length++] = (byte) 0xFF;
        clean[length++] = (byte) END;
        return described();
    }

    private void keep(long from, long count) {
        System.arraycopy(file.bytes(), (int) from, clean, length, (int) count);
        length += (int) count;
    }

    /** The code of the marker here, which any number of fill bytes may precede. */
    private int marker(long at) throws ImageRefused {
        if (file.u8(at) != 0xFF) {
            throw Refusal.damaged("JPEG");
        }
        return file.u8(afterFill(at) + 1);
    }

    /** Where the last 0xFF of a row of them stands. */
    private long afterFill(long at) throws ImageRefused {
        long last = at;
        while (file.u8(last + 1) == 0xFF) {
            last++;
        }
        return last;
    }

    /**
     * Reads one segment.
     *
     * @return where the next one begins
     */
    private long segment(int marker, long at, int size) throws ImageRefused {
        long next = at + 2 + size;
        switch (marker) {
            case 0xC4, 0xDB, 0xDD -> keep(at, size + 2L); // tables and restart intervals
            case 0xC0, 0xC1, 0xC2 -> frame(at, size);
            case START_OF_SCAN -> {
                next = entropyEnd(next);
                scan();
                keep(at, next - at);
            }
            case APP0 -> jfif |= file.has(at + 4, "JFIF\0");
            case APP1 -> exif(at, next);
            case APP14 -> {
                if (size >= 14 && file.has(at + 4, "Adobe")) {
                    adobe = file.u8(at + 15);
                }
            }
            default -> {
                if (marker >= 0xC3 && marker <= 0xCF) {
                    throw Refusal.unsupported("a lossless, hierarchical or arithmetic-coded JPEG");
                }
                if (marker < APP0 || marker > COMMENT) {
                    throw Refusal.damaged("JPEG");
                }
            }
        }
        return next;
    }

    private void frame(long at, int size) throws ImageRefused {
        if (frame >= 0 || size < 8 || size != 8 + 3 * file.u8(at + 9)) {
            throw Refusal.damaged("JPEG");
        }
        if (file.u8(at + 4) != 8) {
            throw Refusal.unsupported("a JPEG of " + file.u8(at + 4) + " bits a sample");
        }
        frame = at;
        keep(at, size + 2L);
    }

    private void scan() throws ImageRefused {
        if (frame < 0) {
            throw Refusal.damaged("JPEG");
        }
        scans++;
        if (scans > JpegFile.MOST_SCANS) {
            throw Refusal.tooManyScans(JpegFile.MOST_SCANS);
        }
    }

    /** Where compressed data that begin here end: at the next marker that is no restart. */
    private long entropyEnd(long begin) throws ImageRefused {
        byte[] bytes = file.bytes();
        for (int i = (int) begin; i < file.end() - 1; i++) {
            if (bytes[i] == (byte) 0xFF) {
                int code = bytes[i + 1] & 0xFF;
                boolean restart = code >= 0xD0 && code <= 0xD7;
                if (code != 0 && code != 0xFF && !restart) {
                    return i;
                }
            }
        }
        throw Refusal.endsEarly();
    }

    private void exif(long at, long end) {
        if (!oriented && file.has(at + 4, "Exif\0\0")) {
            orientation = Orientation.ofTiff(new FileBytes(file.bytes(), (int) end), at + 10);
            oriented = true;
        }
    }

    private JpegFile described() throws ImageRefused {
        int height = file.big16(frame + 5);
        int width = file.big16(frame + 7);
        int components = file.u8(frame + 9);
        if (width == 0) {
            throw Refusal.damaged("JPEG");
        }
        if (height == 0) {
            throw Refusal.unsupported("a JPEG whose height comes after its pixels");
        }
        boolean large = (long) width * height * scans > JpegFile.MOST_SCANNED_PIXELS;
        if (large && scans > JpegFile.SCANS_OF_LARGE) {
            throw Refusal.tooManyScans(JpegFile.SCANS_OF_LARGE);
        }
        if (components != 1 && components != 3 && components != 4) {
            throw Refusal.unsupported("a JPEG of " + components + " colour components");
        }
        return new JpegFile(
                clean, length, width, height, components, luma(components), scans, orientation);
    }

    /** The rules that decoders share: JFIF says so, else Adobe, else the components' names. */
    private boolean luma(int components) throws ImageRefused {
        if (components == 4) {
            return adobe != NO_ADOBE && adobe != 0;
        }
        if (components == 1 || jfif) {
            return components == 3;
        }
        if (adobe != NO_ADOBE) {
            return adobe != 0;
        }
        boolean named =
                file.u8(frame + 10) == 'R'
                        && file.u8(frame + 13) == 'G'
                        && file.u8(frame + 16) == 'B';
        return !named;
    }
}

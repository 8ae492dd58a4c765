package org.scout4j.vision;

/** How a picture is to be turned so that it is upright: the eight values of EXIF. */
enum Orientation {
    UPRIGHT,
    MIRRORED,
    HALF_TURN,
    MIRRORED_HALF_TURN,
    TRANSPOSED,
    QUARTER_TURN,
    TRANSVERSED,
    THREE_QUARTER_TURN;

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int ENTRY = 12;

    /**
     * Reads the orientation of a TIFF structure in a file, as EXIF has it. Whatever is wrong with
     * it, the picture counts as upright.
     *
     * @param file the structure must end where this ends
     * @param start where the structure begins
     */
    static Orientation ofTiff(FileBytes file, long start) {
        try {
            boolean little = file.has(start, "II*\0");
            if (!little && !file.has(start, "MM\0*")) {
                return UPRIGHT;
            }
            long directory = start + (little ? file.little32(start + 4) : file.big32(start + 4));
            int entries = little ? file.little16(directory) : file.big16(directory);
            for (int i = 0; i < entries; i++) {
                long entry = directory + 2 + (long) ENTRY * i;
                if ((little ? file.little16(entry) : file.big16(entry)) == TAG) {
                    return ofEntry(file, entry, little);
                }
            }
        } catch (ImageRefused endsEarly) {
            return UPRIGHT;
        }
        return UPRIGHT;
    }

    private static Orientation ofEntry(FileBytes file, long entry, boolean little)
            throws ImageRefused {
        int type = little ? file.little16(entry + 2) : file.big16(entry + 2);
        long value;
        if (type == SHORT) {
            value = little ? file.little16(entry + 8) : file.big16(entry + 8);
        } else if (type == LONG) {
            value = little ? file.little32(entry + 8) : file.big32(entry + 8);
        } else {
            return UPRIGHT;
        }
        return value >= 1 && value <= values().length ? values()[(int) value - 1] : UPRIGHT;
    }

    /** Whether width and height change places. */
    boolean swapsSides() {
        return ordinal() >= TRANSPOSED.ordinal();
    }

    /** The pixels turned upright: a copy, unless they are. */
    Picture upright(byte[] rgb, int width, int height) {
        if (this == UPRIGHT) {
            return new Picture(width, height, rgb);
        }
        int newWidth = swapsSides() ? height : width;
        int newHeight = swapsSides() ? width : height;
        byte[] turned = new byte[rgb.length];
        // where the new picture's first pixel comes from, and the way to its neighbours
        int origin = (fromBottom() ? (height - 1) * width : 0) + (fromRight() ? width - 1 : 0);
        int right = swapsSides() ? sign(fromBottom()) * width : sign(fromRight());
        int down = swapsSides() ? sign(fromRight()) : sign(fromBottom()) * width;
        for (int y = 0; y < newHeight; y++) {
            int source = 3 * (origin + y * down);
            int target = 3 * y * newWidth;
            for (int x = 0; x < newWidth; x++, source += 3 * right, target += 3) {
                turned[target] = rgb[source];
                turned[target + 1] = rgb[source + 1];
                turned[target + 2] = rgb[source + 2];
            }
        }
        return new Picture(newWidth, newHeight, turned);
    }

    /** Whether the new first pixel lies on the right side of the stored picture. */
    private boolean fromRight() {
        return switch (this) {
            case MIRRORED, HALF_TURN, TRANSVERSED, THREE_QUARTER_TURN -> true;
            case UPRIGHT, MIRRORED_HALF_TURN, TRANSPOSED, QUARTER_TURN -> false;
        };
    }

    /** Whether the new first pixel lies at the bottom of the stored picture. */
    private boolean fromBottom() {
        return switch (this) {
            case HALF_TURN, MIRRORED_HALF_TURN, QUARTER_TURN, TRANSVERSED -> true;
            case UPRIGHT, MIRRORED, TRANSPOSED, THREE_QUARTER_TURN -> false;
        };
    }

    private static int sign(boolean backwards) {
        return backwards ? -1 : 1;
    }
}

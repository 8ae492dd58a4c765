package org.scout4j.vision;

/** Every text that an image is refused with. */
final class Refusal {
    private static final String SEND_ANOTHER =
            "Send a PNG, JPEG, WebP, GIF or BMP file that other programs can open.";
    private static final String SCALE_DOWN = "Scale the image down and send it again.";

    private Refusal() {}

    static ImageRefused empty() {
        return new ImageRefused("is empty", SEND_ANOTHER);
    }

    static ImageRefused unknownKind() {
        return new ImageRefused("is not a PNG, JPEG, WebP, GIF or BMP image", SEND_ANOTHER);
    }

    /** The file ends where more of it was announced. */
    static ImageRefused endsEarly() {
        return new ImageRefused(
                "ends before its image is complete", "Send the whole file; this one is cut off.");
    }

    /**
     * @param kind "PNG" and so on
     */
    static ImageRefused damaged(String kind) {
        return new ImageRefused("is a damaged " + kind + " image", SEND_ANOTHER);
    }

    /**
     * @param what about it is not read: "a JPEG of 12 bits a sample"
     */
    static ImageRefused unsupported(String what) {
        return new ImageRefused(
                "is " + what + ", which is not read",
                "Convert it to an ordinary PNG or JPEG file and send it again.");
    }

    static ImageRefused fileTooLarge(long bytes, long most) {
        return new ImageRefused(
                "has " + bytes + " bytes, the most is " + most,
                "Scale the image down, or save it with stronger compression.");
    }

    static ImageRefused tooWide(long width, int most) {
        return new ImageRefused("is " + width + " pixels wide, the most is " + most, SCALE_DOWN);
    }

    static ImageRefused tooHigh(long height, int most) {
        return new ImageRefused("is " + height + " pixels high, the most is " + most, SCALE_DOWN);
    }

    static ImageRefused tooManyPixels(long width, long height, long most) {
        return new ImageRefused(
                "has "
                        + width
                        + " by "
                        + height
                        + " = "
                        + width * height
                        + " pixels, the most is "
                        + most,
                SCALE_DOWN);
    }

    static ImageRefused tooManyScans(int most) {
        return new ImageRefused(
                "is a progressive JPEG of more than " + most + " scans",
                "Save it as an ordinary JPEG and send it again.");
    }

    static ImageRefused tooSlow(long seconds) {
        return new ImageRefused(
                "takes more than " + seconds + " s to be decoded",
                "Scale the image down, or save it as an ordinary JPEG or PNG.");
    }

    static ImageRefused tooMuchMemory(long needed, long most) {
        return new ImageRefused(
                "needs "
                        + needed
                        + " bytes to be decoded, with the request's other images; the most is "
                        + most,
                "Scale the image down, or send fewer images in one request.");
    }
}

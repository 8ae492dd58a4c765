package org.scout4j.vision;

import java.io.IOException;

/**
 * Reads image files: PNG, JPEG, WebP, GIF and BMP, told apart by their content. The result is
 * upright (EXIF), opaque (alpha on white), of 8 bits a sample; colour profiles are ignored. Of
 * animations it is the first frame.
 */
public final class ImageDecoder {
    private final ImageLimits limits;

    public ImageDecoder(ImageLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads a file. Its limits are checked before anything of the image's size is made.
     *
     * @throws ImageRefused if it is larger than allowed, damaged, cut off, or no such image
     */
    public Picture decode(byte[] file) throws ImageRefused {
        return decode(inspect(file), new Allowance());
    }

    /** Refuses a file of no bytes, or of too many. */
    void checkLength(byte[] file) throws ImageRefused {
        if (file.length == 0) {
            throw Refusal.empty();
        }
        if (file.length > limits.fileBytes()) {
            throw Refusal.fileTooLarge(file.length, limits.fileBytes());
        }
    }

    /** Most bytes that {@link #inspect} makes of a file: what it leaves out is copied twice. */
    static long inspectBytes(byte[] file) {
        return 2L * file.length;
    }

    /** Walks a file's structure and checks its limits. */
    ImageFile inspect(byte[] file) throws ImageRefused {
        checkLength(file);
        ImageFile image = ofKind(FileBytes.of(file));
        if (image.width() > limits.side()) {
            throw Refusal.tooWide(image.width(), limits.side());
        }
        if (image.height() > limits.side()) {
            throw Refusal.tooHigh(image.height(), limits.side());
        }
        // an array holds three bytes a pixel
        long most = Math.min(Math.min(limits.pixels(), image.mostPixels()), Integer.MAX_VALUE / 4);
        if (image.pixels() > most) {
            throw Refusal.tooManyPixels(image.width(), image.height(), most);
        }
        return image;
    }

    private static ImageFile ofKind(FileBytes file) throws ImageRefused {
        if (PngFile.is(file)) {
            return PngFile.of(file);
        }
        if (JpegFile.is(file)) {
            return JpegFile.of(file);
        }
        if (GifFile.is(file)) {
            return GifFile.of(file);
        }
        if (WebpFile.is(file)) {
            return WebpFile.of(file);
        }
        if (BmpFile.is(file)) {
            return BmpFile.of(file);
        }
        throw Refusal.unknownKind();
    }

    /**
     * Makes the pixels of a file that was inspected.
     *
     * @throws org.scout4j.error.Cancelled if nobody waits for them any more
     */
    static Picture decode(ImageFile image, Allowance allowance) throws ImageRefused {
        byte[] rgb;
        allowance.begin();
        try {
            rgb = image.rgb(allowance);
        } catch (IOException | RuntimeException | StackOverflowError damage) {
            allowance.explain();
            // what a reader says is for nobody: it may hold names of files and classes
            throw Refusal.damaged(image.kind());
        }
        return image.orientation().upright(rgb, image.width(), image.height());
    }

    /**
     * Most bytes that {@link #decode(ImageFile, Allowance)} holds at one time, its result included.
     */
    static long workBytes(ImageFile image) {
        long turning = image.orientation() == Orientation.UPRIGHT ? 0 : 6 * image.pixels();
        return Math.max(image.workBytes(), turning);
    }
}

package org.scout4j.vision;

/** An image that cannot be read, or is larger than allowed; says so to whoever sent it. */
public final class ImageRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final String remedy;

    /**
     * @param problem what is wrong with the image, with its numbers; a sentence without a subject:
     *     "is 40000 pixels wide, the most is 16384"
     * @param remedy what to do, a whole sentence
     */
    public ImageRefused(String problem, String remedy) {
        super(problem);
        this.remedy = remedy;
    }

    /** What is wrong. */
    public String problem() {
        return String.valueOf(getMessage());
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}

package org.scout4j.vision;

import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;

/** Stops a reader between rows when its time is over. */
record StopListener(Allowance allowance) implements IIOReadProgressListener {
    private void look(ImageReader reader) {
        if (allowance.over()) {
            reader.abort();
        }
    }

    @Override
    public void imageStarted(ImageReader source, int imageIndex) {
        look(source);
    }

    @Override
    public void imageProgress(ImageReader source, float percentageDone) {
        look(source);
    }

    @Override
    public void imageComplete(ImageReader source) {
        // the end comes by itself
    }

    @Override
    public void readAborted(ImageReader source) {
        // the allowance tells why
    }

    @Override
    public void sequenceStarted(ImageReader source, int minIndex) {
        // one image is read
    }

    @Override
    public void sequenceComplete(ImageReader source) {
        // one image is read
    }

    @Override
    public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {
        // no thumbnails are read
    }

    @Override
    public void thumbnailProgress(ImageReader source, float percentageDone) {
        // no thumbnails are read
    }

    @Override
    public void thumbnailComplete(ImageReader source) {
        // no thumbnails are read
    }
}

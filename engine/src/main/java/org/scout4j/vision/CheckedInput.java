package org.scout4j.vision;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/** A file in memory for a reader, which gets no more of it when its time is over. */
final class CheckedInput extends ImageInputStreamImpl {
    /** Bytes or calls between two looks at the clock. */
    private static final int INTERVAL = 1 << 14;

    private final byte[] file;
    private final int end;
    private final Allowance allowance;
    private int credit;

    CheckedInput(byte[] file, int end, Allowance allowance) {
        this.file = file;
        this.end = end;
        this.allowance = allowance;
    }

    private void count(int bytes) throws IOException {
        credit -= bytes + 1;
        if (credit < 0) {
            allowance.check();
            credit = INTERVAL;
        }
    }

    @Override
    public int read() throws IOException {
        count(1);
        bitOffset = 0;
        return streamPos < end ? file[(int) streamPos++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int bytes = (int) Math.min(length, end - streamPos);
        count(Math.max(bytes, 0));
        bitOffset = 0;
        if (bytes <= 0) {
            return length == 0 ? 0 : -1;
        }
        System.arraycopy(file, (int) streamPos, target, from, bytes);
        streamPos += bytes;
        return bytes;
    }

    @Override
    public long length() {
        return end;
    }

    @Override
    public void seek(long position) throws IOException {
        count(1);
        super.seek(position);
    }
}

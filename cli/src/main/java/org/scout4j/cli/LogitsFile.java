package org.scout4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.scout4j.error.InvalidRequest;

/**
 * A safetensors file of logits, written row by row: a real vocabulary times thousands of positions
 * is more than memory should hold. It grows under another name beside the target and takes its
 * place when whole, so that a half-written file is never taken for a result.
 */
final class LogitsFile implements AutoCloseable {
    private final Path target;
    private final Path partial;
    private final FileChannel channel;
    private final ByteBuffer row;

    private LogitsFile(Path target, Path partial, FileChannel channel, int vocabulary) {
        this.target = target;
        this.partial = partial;
        this.channel = channel;
        this.row =
                ByteBuffer.allocateDirect(Math.multiplyExact(vocabulary, Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Begins a file of tensors {@code logits.i}, {@code [lengths[i], vocabulary]}.
     *
     * @throws InvalidRequest if it cannot be written
     */
    static LogitsFile create(Path target, int[] lengths, int vocabulary) {
        Path name = target.getFileName();
        if (name == null || Files.isDirectory(target)) {
            throw new InvalidRequest("out", target + " is a directory.", "Name a file.");
        }
        Path partial =
                target.resolveSibling(name + "." + ProcessHandle.current().pid() + ".partial");
        try {
            FileChannel channel =
                    FileChannel.open(
                            partial,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
            LogitsFile file = new LogitsFile(target, partial, channel, vocabulary);
            file.writeAll(ByteBuffer.wrap(header(lengths, vocabulary)));
            return file;
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    /**
     * Length of the header as a 64-bit number, then the header: JSON, filled up with blanks so that
     * the data begins at a multiple of 8.
     */
    private static byte[] header(int[] lengths, int vocabulary) {
        String json =
                JsonText.object(generator -> {
                    long offset = 0;
                    for (int i = 0; i < lengths.length; i++) {
                        long end =
                                Math.addExact(
                                        offset,
                                        Math.multiplyExact(
                                                (long) lengths[i] * Float.BYTES, vocabulary));
                        generator.writeObjectPropertyStart("logits." + i);
                        generator.writeStringProperty("dtype", "F32");
                        generator.writeArrayPropertyStart("shape");
                        generator.writeNumber(lengths[i]);
                        generator.writeNumber(vocabulary);
                        generator.writeEndArray();
                        generator.writeArrayPropertyStart("data_offsets");
                        generator.writeNumber(offset);
                        generator.writeNumber(end);
                        generator.writeEndArray();
                        generator.writeEndObject();
                        offset = end;
                    }
                });
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(text.length, Long.BYTES) * Long.BYTES;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.array();
    }

    /** Appends the logits of the next position. */
    void write(float[] logits) {
        row.clear();
        row.asFloatBuffer().put(logits);
        try {
            writeAll(row);
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Puts the whole file in its place. */
    void finish() {
        try {
            channel.force(true);
            channel.close();
            Files.move(
                    partial,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    /** Removes what was not finished. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            throw cannotWrite(partial, e);
        }
    }

    private static InvalidRequest cannotWrite(Path file, IOException failure) {
        return new InvalidRequest(
                "out",
                file + " cannot be written: " + IoReason.of(failure) + ".",
                "Name a file in a directory that exists and has room.");
    }
}

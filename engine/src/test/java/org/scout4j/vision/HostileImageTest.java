package org.scout4j.vision;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.scout4j.checkpoint.GoldenFiles;

/** Files that are made to cost much, lie about themselves or are cut off. */
class HostileImageTest {
    private static final ImageDecoder DECODER = new ImageDecoder(ImageLimits.DEFAULT);
    private static final long MOST_BYTES = 192L << 20;

    /** What the decoder makes of a file; null if it refuses, as it may. */
    static @Nullable Picture read(byte[] file) {
        try {
            return DECODER.decode(file);
        } catch (ImageRefused refused) {
            assertThat(refused.problem()).isNotEmpty().doesNotContain("java", "Exception");
            assertThat(refused.remedy()).endsWith(".");
            return null;
        }
    }

    private static byte[] golden(String name) {
        return GoldenImages.bytes(GoldenFiles.golden("images/kinds/" + name));
    }

    private static byte[] chunk(String type, byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(content.length + 12);
        out.putInt(content.length).put(type.getBytes(ISO_8859_1)).put(content);
        CRC32 crc = new CRC32();
        crc.update(out.array(), 4, content.length + 4);
        return out.putInt((int) crc.getValue()).array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] deflated(int zeros) {
        Deflater deflater = new Deflater();
        deflater.setInput(new byte[zeros]);
        deflater.finish();
        byte[] out = new byte[zeros / 100 + 1000];
        return Arrays.copyOf(out, deflater.deflate(out));
    }

    private static byte[] png(int width, int height, byte[] extra, byte[] data) {
        byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).array();
        header[8] = 8;
        header[9] = 2;
        return join(
                "\u0089PNG\r\n\u001a\n".getBytes(ISO_8859_1),
                chunk("IHDR", header),
                extra,
                chunk("IDAT", data),
                chunk("IEND", new byte[0]));
    }

    private static byte[] patched(String name, int at, int... values) {
        byte[] file = golden(name);
        for (int i = 0; i < values.length; i++) {
            file[at + i] = (byte) values[i];
        }
        return file;
    }

    private static byte[] scans(int count) {
        byte[] jpeg = golden("progressive.jpg");
        int scan = 2;
        while (jpeg[scan + 1] != (byte) 0xDA) {
            int size = (jpeg[scan + 2] & 0xFF) << 8 | jpeg[scan + 3] & 0xFF;
            scan += 2 + size;
        }
        byte[] empty = bytes(0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0x10, 0);
        byte[][] parts = new byte[count + 2][];
        Arrays.fill(parts, empty);
        parts[0] = Arrays.copyOf(jpeg, scan);
        parts[count + 1] = bytes(0xFF, 0xD9);
        return join(parts);
    }

    /** A progressive JPEG whose frame says another size. */
    private static byte[] sized(byte[] jpeg, int width, int height) {
        for (int i = 0; i < jpeg.length - 8; i++) {
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) 0xC2) {
                ByteBuffer.wrap(jpeg, i + 5, 4).putShort((short) height).putShort((short) width);
                return jpeg;
            }
        }
        throw new IllegalArgumentException("no frame");
    }

    private static byte[] bmp(int width, int height, int depth, int used) {
        ByteBuffer out = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        out.put(bytes('B', 'M')).putInt(200).putInt(0).putInt(54).putInt(40);
        out.putInt(width).putInt(height).putShort((short) 1).putShort((short) depth);
        return out.putInt(0).putInt(0).putInt(0).putInt(0).putInt(used).array();
    }

    /** Files that must be refused. */
    private static Map<String, byte[]> refused() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("nothing", new byte[0]);
        files.put("text", "<svg/>".getBytes(ISO_8859_1));
        byte[] none = new byte[0];
        files.put("PNG of 2^31 pixels a side", png(-1, -1, none, deflated(10)));
        files.put("PNG of 2^31 - 1 a side", png(1 << 30, 1 << 30, none, deflated(10)));
        files.put("PNG that is too wide", png(20_000, 1, none, deflated(60_001)));
        files.put("PNG that is too high", png(1, 20_000, none, deflated(80_000)));
        files.put("PNG of too many pixels", png(16_384, 16_384, none, deflated(10)));
        files.put("PNG with fewer rows than announced", png(100, 100, none, deflated(301 * 50)));
        files.put("PNG without data", png(10, 10, none, none));
        int[] lie = {255, 255, 127, 255, 44, 0, 0, 0, 0, 255, 255, 127, 255, 0, 2, 2, 76, 1, 0, 59};
        byte[] gif = join("GIF89a".getBytes(ISO_8859_1), bytes(255, 255, 127, 255, 0, 0, 0));
        files.put("GIF of 65535 by 32767", join(gif, Arrays.copyOfRange(bytes(lie), 4, 20)));
        files.put("GIF with a large screen", patched("still.gif", 6, 255, 255, 255, 127));
        files.put("JPEG with thousands of scans", scans(5000));
        byte[] large = scans(JpegFile.SCANS_OF_LARGE + 1);
        files.put("large JPEG with many scans", sized(large, 5000, 5000));
        files.put("BMP of negative width", bmp(-5, 5, 24, 0));
        files.put("BMP of huge height", bmp(5, Integer.MIN_VALUE, 24, 0));
        files.put("BMP of huge sides", bmp(Integer.MAX_VALUE, Integer.MAX_VALUE, 32, 0));
        files.put("BMP of 2 bits", bmp(5, 5, 2, 0));
        files.put("BMP with fewer rows than announced", bmp(100, -100, 24, 0));
        files.put("BMP with a JPEG in it", patched("mode_RGB.bmp", 30, 4));
        files.put("WebP with a long RIFF", patched("exif.webp", 4, 255, 255, 255, 127));
        files.put("WebP with a long chunk", patched("exif.webp", 16, 255, 255, 255, 255));
        return files;
    }

    /** Files that cost much if one lets them; what is seen in them does not matter. */
    private static Map<String, byte[]> costly() {
        Map<String, byte[]> files = new LinkedHashMap<>(refused());
        byte[] bomb = deflated(40_000_000);
        byte[] named = join("profile\0\0".getBytes(ISO_8859_1), bomb);
        files.put("zTXt bomb", png(1, 1, chunk("zTXt", named), deflated(4)));
        files.put("iCCP bomb", png(1, 1, chunk("iCCP", named), deflated(4)));
        files.put("IDAT bomb", png(1, 1, new byte[0], bomb));
        files.put("JPEG with as many scans as allowed", scans(JpegFile.MOST_SCANS));
        byte[] chunks = new byte[12 * 500_000];
        byte[] empty = chunk("IDAT", new byte[0]);
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = empty[i % 12];
        }
        files.put("PNG of many chunks", png(1, 1, chunks, deflated(4)));
        return files;
    }

    @TestFactory
    Iterable<DynamicTest> costlyFilesEndSoonInLittleMemory() {
        return costly().entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> cheap(file.getValue())))
                .toList();
    }

    private static void cheap(byte[] file) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated =
                assertTimeoutPreemptively(
                        Duration.ofSeconds(20),
                        () -> {
                            long before = threads.getCurrentThreadAllocatedBytes();
                            read(file);
                            return threads.getCurrentThreadAllocatedBytes() - before;
                        });
        assertThat(allocated).isLessThan(MOST_BYTES);
    }

    @TestFactory
    Iterable<DynamicTest> filesThatAreNoImagesAreRefused() {
        return refused().entrySet().stream()
                .map(file ->
                        DynamicTest.dynamicTest(
                                file.getKey(), () -> assertThat(read(file.getValue())).isNull()))
                .toList();
    }

    /** Nobody gets a picture of which a part is missing. */
    @Test
    void aFileThatIsCutOffIsRefusedUnlessNothingOfItsImageIsMissing() {
        for (Path file : GoldenImages.files()) {
            byte[] whole = GoldenImages.bytes(file);
            Picture picture = read(whole);
            int step = Math.max(1, whole.length / 40);
            for (int length = 0; length < whole.length; length += step) {
                Picture cut = read(Arrays.copyOf(whole, length));
                if (picture == null || cut != null && !Arrays.equals(cut.rgb(), picture.rgb())) {
                    fail(file.getFileName() + " cut at " + length);
                }
            }
        }
    }

    @Test
    void compressedDataThatEndEarlyAreRefused() {
        byte[] jpeg = golden("h2v1.jpg");
        byte[] shorter = Arrays.copyOf(jpeg, jpeg.length - 200);
        assertThat(read(join(shorter, bytes(0xFF, 0xD9)))).as("JPEG").isNull();
        byte[] data = deflated(301 * 100);
        byte[] half = Arrays.copyOf(data, data.length / 2);
        assertThat(read(png(100, 100, new byte[0], data))).as("whole PNG").isNotNull();
        assertThat(read(png(100, 100, new byte[0], half))).as("PNG").isNull();
    }

    @Test
    void anyDamageIsRefusedOrSeenAsPixels() {
        for (Path file : GoldenImages.files()) {
            byte[] whole = GoldenImages.bytes(file);
            if (whole.length > 12_000) {
                continue;
            }
            for (int seed = 0; seed < 30; seed++) {
                Random random = new Random(seed);
                byte[] damaged = whole.clone();
                for (int i = 0; i <= random.nextInt(4); i++) {
                    boolean head = random.nextBoolean();
                    int at = random.nextInt(head ? Math.min(64, damaged.length) : damaged.length);
                    damaged[at] = (byte) random.nextInt(256);
                }
                try {
                    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> read(damaged));
                } catch (Throwable thrown) {
                    throw new AssertionError(file.getFileName() + ", seed " + seed, thrown);
                }
            }
        }
    }
}

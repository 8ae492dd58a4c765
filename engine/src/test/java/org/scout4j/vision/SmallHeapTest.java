package org.scout4j.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.error.Overloaded;

/** All hostile files at once in a process of little memory: it goes on. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SmallHeapTest {
    private static final String HEAP = "-Xmx160m";
    private static final int AT_ONCE = 6;

    @Test
    void hostileFilesLeaveASmallHeapInOrder() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                HEAP,
                                "-XX:+ExitOnOutOfMemoryError",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SmallHeapTest.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
    }

    /** Reads each file three times, several at once; fails if one ends in another way. */
    public static void main(String[] args) throws Exception {
        Map<String, byte[]> files = HostileImageTest.costly();
        byte[] rows = HostileImageTest.deflated(2_000 * 6_001);
        files.put("large", HostileImageTest.png(2_000, 2_000, new byte[0], rows));
        files.put("too large for this heap", HostileImageTest.png(6_000, 6_000, new byte[0], rows));
        try (ImageIntake intake = new ImageIntake(336, ImageLimits.DEFAULT);
                ExecutorService readers = Executors.newFixedThreadPool(AT_ONCE)) {
            long all = intake.freeBytes();
            List<Future<?>> ends = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                for (byte[] file : files.values()) {
                    ends.add(readers.submit(() -> read(intake, file)));
                }
            }
            for (Future<?> end : ends) {
                end.get();
            }
            if (intake.freeBytes() != all) {
                throw new IllegalStateException(intake.freeBytes() + " of " + all);
            }
        }
    }

    private static void read(ImageIntake intake, byte[] file) {
        try (RequestImages request = intake.begin()) {
            request.read(file, 16);
        } catch (ImageRefused | Overloaded notRead) {
            // as it should be
        }
    }
}

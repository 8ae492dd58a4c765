package org.scout4j.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scout4j.checkpoint.GoldenFiles;
import org.scout4j.error.Cancelled;
import org.scout4j.error.Overloaded;

/** The budget of memory that requests share. */
@Timeout(60)
class ImageIntakeTest {
    private static final Duration NOT_LONG = Duration.ofMillis(20);

    private static ImageLimits memory(long bytes) {
        ImageLimits usual = ImageLimits.DEFAULT;
        return new ImageLimits(
                usual.images(),
                usual.fileBytes(),
                usual.pixels(),
                usual.side(),
                usual.tiles(),
                bytes);
    }

    private static byte[] file(String name) {
        return GoldenImages.bytes(GoldenFiles.golden("images/inputs/" + name));
    }

    @Test
    void tilesStayChargedUntilTheRequestEnds() throws ImageRefused {
        ImageIntake intake = new ImageIntake(336, memory(64 << 20));
        long all = intake.freeBytes();
        RequestImages request = intake.begin();
        ImageTiles tiles = request.read(file("tall.png"), 4);
        assertThat(all - intake.freeBytes()).isBetween(1L * tiles.pixels().length, 5L << 20);
        request.close();
        request.close();
        assertThat(intake.freeBytes()).isEqualTo(all);
        assertThatThrownBy(() -> request.read(file("tall.png"), 4))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusedImagesTakeNothing() {
        ImageIntake intake = new ImageIntake(336, memory(64 << 20));
        long all = intake.freeBytes();
        byte[] damaged = file("rgba.png");
        damaged[damaged.length / 2] ^= 1;
        byte[] bad = file("lossless.webp");
        bad[40] ^= 0x55;
        try (RequestImages request = intake.begin()) {
            assertThatThrownBy(() -> request.read(damaged, 16)).isInstanceOf(ImageRefused.class);
            assertThatThrownBy(() -> request.read(new byte[9], 16))
                    .isInstanceOf(ImageRefused.class);
            assertThat(intake.freeBytes()).isEqualTo(all);
        }
        assertThat(intake.freeBytes()).isEqualTo(all);
    }

    @Test
    void whatCanNeverFitIsRefusedAtOnce() {
        ImageIntake intake = new ImageIntake(336, memory(1 << 20));
        try (RequestImages request = intake.begin()) {
            assertThatThrownBy(() -> request.read(file("tall.png"), 16))
                    .isInstanceOf(ImageRefused.class)
                    .hasMessageContaining("bytes to be decoded");
        }
    }

    @Test
    void whoWaitsTooLongIsTurnedAway() throws ImageRefused {
        ImageIntake intake = new ImageIntake(336, memory(8 << 20), NOT_LONG);
        byte[] file = file("one_pixel.png");
        List<RequestImages> requests = new ArrayList<>();
        try {
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    requests.add(intake.begin());
                                    requests.getLast().read(file, 1);
                                }
                            })
                    .isInstanceOf(Overloaded.class);
        } finally {
            requests.forEach(RequestImages::close);
        }
        assertThat(intake.freeBytes()).isEqualTo(8 << 20);
        try (RequestImages request = intake.begin()) {
            assertThat(request.read(file, 1).count()).isEqualTo(1);
        }
    }

    @Test
    void anInterruptedRequestIsCancelled() {
        ImageIntake intake = new ImageIntake(336, memory(64 << 20));
        try (RequestImages request = intake.begin()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> request.read(file("tall.png"), 4))
                    .isInstanceOf(Cancelled.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(intake.freeBytes()).isEqualTo(64 << 20);
    }

    /** Requests that hold tiles and want more never wait for each other for ever. */
    @Test
    void manyRequestsEndAndGiveAllBack() throws Exception {
        ImageIntake intake = new ImageIntake(336, memory(12 << 20), NOT_LONG);
        byte[] file = file("gray.png");
        Callable<Integer> request =
                () -> {
                    try (RequestImages images = intake.begin()) {
                        for (int i = 0; i < 3; i++) {
                            images.read(file, 4);
                        }
                        return 1;
                    } catch (Overloaded busy) {
                        return 0;
                    }
                };
        try (var threads = Executors.newFixedThreadPool(6)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                results.add(threads.submit(request));
            }
            for (Future<Integer> result : results) {
                try {
                    assertThat(result.get(30, TimeUnit.SECONDS)).isBetween(0, 1);
                } catch (ExecutionException refused) {
                    assertThat(refused.getCause()).isInstanceOf(ImageRefused.class);
                }
            }
        }
        assertThat(intake.freeBytes()).isEqualTo(12 << 20);
    }
}

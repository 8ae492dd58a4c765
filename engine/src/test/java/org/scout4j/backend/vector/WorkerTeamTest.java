package org.scout4j.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerTeamTest {

    @Test
    void everyChunkIsDoneOnceAndVisible() {
        for (int size : new int[] {1, 2, 5}) {
            try (WorkerTeam team = new WorkerTeam(size)) {
                assertThat(team.size()).isEqualTo(size);
                for (int chunks : new int[] {0, 1, 2, 3, 1000}) {
                    int[] times = new int[chunks];
                    team.run(chunks, (chunk, worker) -> times[chunk]++);
                    assertThat(times).containsOnly(chunks == 0 ? new int[0] : new int[] {1});
                }
            }
        }
    }

    @Test
    void workersAreNumberedAndNoTwoShareANumber() {
        try (WorkerTeam team = new WorkerTeam(4)) {
            AtomicIntegerArray inside = new AtomicIntegerArray(4);
            AtomicInteger clashes = new AtomicInteger();
            team.run(
                    2000,
                    (chunk, worker) -> {
                        if (inside.getAndSet(worker, 1) != 0) {
                            clashes.incrementAndGet();
                        }
                        inside.set(worker, 0);
                    });
            assertThat(clashes).hasValue(0);
        }
    }

    /** All threads have to be inside at once for this to end. */
    @Test
    void theCallerAndAllWorkersTakePart() {
        try (WorkerTeam team = new WorkerTeam(3)) {
            CountDownLatch all = new CountDownLatch(3);
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            team.run(
                    3,
                    (chunk, worker) -> {
                        threads.add(Thread.currentThread());
                        all.countDown();
                        try {
                            all.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            assertThat(threads).hasSize(3).contains(Thread.currentThread());
        }
    }

    /** Pauses of all lengths, so that workers are met spinning, parking and parked. */
    @Test
    void manyShortPiecesOfWork() throws InterruptedException {
        try (WorkerTeam team = new WorkerTeam(3)) {
            AtomicInteger done = new AtomicInteger();
            for (int i = 0; i < 3000; i++) {
                team.run(4, (chunk, worker) -> done.incrementAndGet());
                if (i % 300 == 0) {
                    Thread.sleep(Duration.ofMillis(1));
                } else if (i % 50 == 0) {
                    long until = System.nanoTime() + 25_000 + i * 5L;
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                }
            }
            assertThat(done).hasValue(12_000);
        }
    }

    @Test
    void aFailureReachesTheCallerAndTheTeamGoesOn() {
        try (WorkerTeam team = new WorkerTeam(3)) {
            for (int failing : new int[] {0, 7, 99}) {
                assertThatThrownBy(() ->
                                team.run(
                                        100,
                                        (chunk, worker) -> {
                                            if (chunk == failing) {
                                                throw new ArithmeticException("" + chunk);
                                            }
                                        }))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessage("" + failing);
                AtomicInteger done = new AtomicInteger();
                team.run(10, (chunk, worker) -> done.incrementAndGet());
                assertThat(done).hasValue(10);
            }
            assertThatThrownBy(() ->
                            team.run(
                                    50,
                                    (chunk, worker) -> {
                                        throw new OutOfMemoryError("not really");
                                    }))
                    .isInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void onePieceOfWorkAtATime() {
        try (WorkerTeam team = new WorkerTeam(2)) {
            assertThatThrownBy(() -> team.run(1, (chunk, worker) -> team.run(1, (c, w) -> {})))
                    .isInstanceOf(IllegalStateException.class);
            team.run(5, (chunk, worker) -> {});
        }
    }

    @Test
    void closedForGood() {
        WorkerTeam team = new WorkerTeam(3);
        AtomicReference<Thread> helper = new AtomicReference<>();
        while (helper.get() == null) {
            team.run(
                    100,
                    (chunk, worker) -> {
                        if (worker != 0) {
                            helper.set(Thread.currentThread());
                        }
                        Thread.onSpinWait();
                    });
        }
        assertThat(helper.get().isDaemon()).isTrue();
        team.close();
        team.close();
        assertThat(helper.get().isAlive()).isFalse();
        assertThatThrownBy(() -> team.run(1, (chunk, worker) -> {}))
                .isInstanceOf(IllegalStateException.class);
    }
}

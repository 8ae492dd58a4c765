package org.scout4j.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final Workload.TokenRate RATE = new Workload.TokenRate(1.1, 7);

    @Test
    void theSameSeedAsksTheSame() {
        for (int i = 0; i < 50; i++) {
            assertThat(workload(5, 0, 1).work(RATE, 2, i))
                    .isEqualTo(workload(5, 0, 1).work(RATE, 2, i));
        }
    }

    @Test
    void requestsEpochsAndSeedsDiffer() {
        Set<String> texts = new HashSet<>();
        for (int seed = 0; seed < 5; seed++) {
            for (int epoch = -1; epoch < 4; epoch++) {
                for (int i = 0; i < 20; i++) {
                    texts.add(workload(seed, 0, 1).work(RATE, epoch, i).text().substring(0, 60));
                }
            }
        }
        assertThat(texts).hasSize(5 * 5 * 20);
    }

    @Test
    void aGroupSharesItsPrefixAndNoMore() {
        Workload workload = workload(1, 40, 3);
        String zero = workload.work(RATE, 0, 0).text();
        String three = workload.work(RATE, 0, 3).text();
        String one = workload.work(RATE, 0, 1).text();

        int words = common(zero, three).split(" ").length;
        assertThat(words).isBetween(36, 38); // 40 tokens at 1.1 a word
        assertThat(common(zero, one).length()).isLessThan(20);
    }

    @Test
    void lengthsFollowTheRate() {
        Workload workload = workload(1, 0, 1);
        for (int i = 0; i < 50; i++) {
            Workload.Work work = workload.work(RATE, 0, i);
            int words = work.text().split(" ").length;
            assertThat(words * 1.1 + 7)
                    .isBetween(work.promptTokens() - 1.0, work.promptTokens() + 1.0);
            assertThat(work.promptTokens())
                    .isBetween(100, 200)
                    .isEqualTo(workload.promptTokens(0, i));
        }
    }

    private static Workload workload(long seed, int shared, int groups) {
        return new Workload(
                seed,
                new TokenDistribution.Uniform(100, 200),
                new TokenDistribution.Constant(8),
                shared,
                groups);
    }

    private static String common(String a, String b) {
        int i = 0;
        while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return a.substring(0, i);
    }
}

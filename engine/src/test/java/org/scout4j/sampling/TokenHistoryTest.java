package org.scout4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenHistoryTest {

    @Test
    void countsAsAMapWould() {
        for (long seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int vocabulary = random.nextInt(1, 3000);
            int[] prompt = random.ints(random.nextInt(0, 500), 0, vocabulary).toArray();
            List<Integer> all = new ArrayList<>();
            Map<Integer, Integer> counts = new LinkedHashMap<>();
            for (int token : prompt) {
                all.add(token);
                counts.putIfAbsent(token, 0);
            }
            TokenHistory history = TokenHistory.counting(prompt);
            for (int i = random.nextInt(1000); i > 0; i--) {
                int token = random.nextInt(vocabulary);
                history.append(token);
                all.add(token);
                counts.merge(token, 1, Integer::sum);
            }

            assertThat(tokens(history)).as("seed %d", seed).isEqualTo(all);
            assertThat(history.promptLength()).isEqualTo(prompt.length);
            assertThat(history.answerLength()).isEqualTo(all.size() - prompt.length);
            assertThat(answerCounts(history)).as("seed %d", seed).isEqualTo(counts);
        }
    }

    @Test
    void countsNothingUnlessAsked() {
        TokenHistory history = TokenHistory.of(new int[] {1, 2});
        history.append(2);

        assertThat(history.distinct()).isZero();
        assertThat(tokens(history)).containsExactly(1, 2, 2);
    }

    @Test
    void keepsItsOwnCopyOfThePrompt() {
        int[] prompt = {1, 2, 3};
        TokenHistory history = TokenHistory.of(prompt);
        prompt[0] = 9;

        assertThat(tokens(history)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> history.token(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static List<Integer> tokens(TokenHistory history) {
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < history.length(); i++) {
            tokens.add(history.token(i));
        }
        return tokens;
    }

    private static Map<Integer, Integer> answerCounts(TokenHistory history) {
        Map<Integer, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < history.distinct(); i++) {
            counts.put(history.distinctToken(i), history.answerCount(i));
        }
        return counts;
    }
}

package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.engine.Generation;
import org.scout4j.engine.TokenEvent;
import org.scout4j.sampling.StopStrings;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.tokenizer.StreamingDecoder;

/** Text, log-probabilities, usage and times of an answer that a stop string ends, or none. */
class ChatStreamTest {
    private static final List<String> PIECES = List.of("one", " tw", "o ", "", "é", "END", "more");

    @Test
    void logprobsAreThoseOfTokensVisibleInTheText() {
        Fake generation = new Fake(PIECES.size());
        ChatResult result = stream(generation, false, "o éEN").result();

        assertThat(result.text()).isEqualTo("one tw");
        assertThat(result.logprobs()).extracting(TokenLogprobs::token).containsExactly(0, 1);
        assertThat(result.usage().completionTokens()).as("all that were made").isEqualTo(6);
        assertThat(result.usage().cachedTokens()).isEqualTo(32);
        assertThat(generation.stopped).isTrue();
        assertThat(result.timings().queued()).isEqualTo(Duration.ofMillis(5));
        assertThat(result.timings().prefill()).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void aStopStringThatIsIncludedKeepsItsTokens() {
        ChatResult result = stream(new Fake(PIECES.size()), true, "o ").result();

        assertThat(result.text()).isEqualTo("one two ");
        assertThat(result.logprobs()).extracting(TokenLogprobs::token).containsExactly(0, 1, 2);
    }

    @Test
    void aTokenCutByTheStopIsVisibleWithWhatIsLeftOfIt() {
        ChatResult result = stream(new Fake(PIECES.size()), false, "wo").result();

        assertThat(result.text()).isEqualTo("one t");
        assertThat(result.logprobs()).extracting(TokenLogprobs::token).containsExactly(0, 1);
    }

    @Test
    void withoutAStopEveryTokenHasItsEntryInOrder() {
        ChatResult result = stream(new Fake(PIECES.size()), false, "oneX", "moreover").result();

        assertThat(result.text()).isEqualTo("one two éENDmore");
        assertThat(result.logprobs())
                .extracting(TokenLogprobs::token)
                .containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(result.timings().decode()).isEqualTo(Duration.ofMillis(9));
    }

    private static ChatStream stream(Fake generation, boolean include, String... stops) {
        StreamingDecoder decoder =
                new StreamingDecoder() {
                    @Override
                    public String accept(int token) {
                        return PIECES.get(token);
                    }

                    @Override
                    public String flush() {
                        return "";
                    }
                };
        return new ChatStream(generation, decoder, new StopStrings(List.of(stops), include), 40);
    }

    /** Gives each token once. */
    private static final class Fake implements Generation {
        private final Deque<TokenEvent> events = new ArrayDeque<>();
        private boolean stopped;

        Fake(int tokens) {
            events.add(new TokenEvent.Prefill(40, 40));
            for (int i = 0; i < tokens; i++) {
                events.add(new TokenEvent.Token(i, new TokenLogprobs(i, -i, List.of())));
            }
            events.add(
                    new TokenEvent.Finished(
                            TokenEvent.FinishReason.LENGTH,
                            -1,
                            40,
                            32,
                            tokens,
                            Duration.ofMillis(5),
                            Duration.ofMillis(7),
                            Duration.ofMillis(9)));
        }

        @Override
        public TokenEvent next() {
            return events.remove();
        }

        @Override
        public void stop() {
            stopped = true;
        }

        @Override
        public Progress progress() {
            return new Progress(32, Duration.ofMillis(5), Duration.ofMillis(7));
        }

        @Override
        public void close() {}
    }
}

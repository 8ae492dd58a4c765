package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.scout4j.chat.Message;
import org.scout4j.chat.calls.CallIds;
import org.scout4j.chat.calls.DeclaredFunction;
import org.scout4j.chat.calls.OutputParser;
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

    private static final List<String> CALL =
            List.of("Well", ":", " [", "now", "(a", "=\"x", "\")", "]", "", "<python>");

    @Test
    void aCallIsNoTextAndItsTokensKeepTheirLogprobs() {
        List<ChatEvent> events = new ArrayList<>();
        ChatStream stream = callStream(9, TokenEvent.FinishReason.STOP, List.of());
        stream.iterator().forEachRemaining(events::add);
        ChatResult result = stream.result();

        assertThat(result.text()).isEqualTo("Well:");
        assertThat(result.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        Message.ToolCall call = result.toolCalls().getFirst();
        assertThat(call.name()).isEqualTo("now");
        assertThat(call.arguments()).isEqualTo("{\"a\":\"x\"}");
        assertThat(result.message().toolCalls()).containsExactly(call);
        assertThat(result.logprobs())
                .extracting(TokenLogprobs::token)
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(events)
                .contains(
                        new ChatEvent.ToolCallStarted(0, call.id(), "now"),
                        new ChatEvent.ToolCallArguments(0, "{\"a\":\"x\"}"));
    }

    @Test
    void aCutCallIsKeptAndSaysSo() {
        ChatResult result = callStream(6, TokenEvent.FinishReason.LENGTH, List.of()).result();

        assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(result.toolCalls().getFirst().arguments()).isEqualTo("{\"a\":\"x");
    }

    @Test
    void aCallThatAStopStringCutsIsNoReasonToFinish() {
        ChatResult result = callStream(9, TokenEvent.FinishReason.STOP, List.of("]")).result();

        assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(result.toolCalls()).hasSize(1);
        assertThat(result.text()).isEqualTo("Well:");
    }

    @Test
    void aPythonTagComesWhereItStands() {
        Fake generation = new Fake(new int[] {0, 9, 3, 8}, TokenEvent.FinishReason.STOP);
        ChatResult result = callStream(generation, List.of("Wells", "nower")).result();
        assertThat(result.text()).isEqualTo("Wellnow");

        generation = new Fake(new int[] {0, 9, 2, 3, 4, 5, 6}, TokenEvent.FinishReason.STOP);
        result = callStream(generation, List.of("Wells")).result();
        assertThat(result.text()).isEqualTo("Well");
        assertThat(result.toolCalls()).hasSize(1);
    }

    private static ChatStream callStream(
            int tokens, TokenEvent.FinishReason reason, List<String> stops) {
        return callStream(new Fake(IntStream.range(0, tokens).toArray(), reason), stops);
    }

    private static ChatStream callStream(Fake generation, List<String> stops) {
        OutputParser parser =
                new OutputParser(
                        List.of(new DeclaredFunction("now", List.of())),
                        true,
                        false,
                        CallIds.seeded(0, 0));
        return new ChatStream(
                generation,
                new AnswerReader(
                        decoder(CALL, 9), new StopStrings(stops, false), parser, Set.of(9)),
                40,
                9,
                List.of());
    }

    /** Shows every token but one. */
    private static StreamingDecoder decoder(List<String> pieces, int hidden) {
        return new StreamingDecoder() {
            @Override
            public String accept(int token) {
                return token == hidden ? "" : pieces.get(token);
            }

            @Override
            public String flush() {
                return "";
            }
        };
    }

    private static ChatStream stream(Fake generation, boolean include, String... stops) {
        return new ChatStream(
                generation,
                new AnswerReader(
                        decoder(PIECES, -1),
                        new StopStrings(List.of(stops), include),
                        new OutputParser(List.of(), true, false, CallIds.seeded(0, 0)),
                        Set.of()),
                40,
                9,
                List.of());
    }

    /** Gives each token once. */
    private static final class Fake implements Generation {
        private final Deque<TokenEvent> events = new ArrayDeque<>();
        private boolean stopped;

        Fake(int tokens) {
            this(IntStream.range(0, tokens).toArray(), TokenEvent.FinishReason.LENGTH);
        }

        Fake(int[] tokens, TokenEvent.FinishReason reason) {
            events.add(new TokenEvent.Prefill(40, 40));
            for (int token : tokens) {
                events.add(
                        new TokenEvent.Token(token, new TokenLogprobs(token, -token, List.of())));
            }
            events.add(
                    new TokenEvent.Finished(
                            reason,
                            reason == TokenEvent.FinishReason.STOP ? 200_008 : -1,
                            40,
                            32,
                            tokens.length,
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

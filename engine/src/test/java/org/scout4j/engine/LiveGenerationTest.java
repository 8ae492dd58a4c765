package org.scout4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.scout4j.engine.TokenEvent.FinishReason;
import org.scout4j.error.Cancelled;
import org.scout4j.error.EngineClosed;
import org.scout4j.sampling.Sampler;
import org.scout4j.sampling.SamplingParameters;

class LiveGenerationTest {
    private static final TokenEvent TOKEN = new TokenEvent.Token(3, null);

    private final LiveGeneration generation = generation();

    @Test
    void afterTheEndThereIsNothing() throws InterruptedException {
        generation.deliver(TOKEN);
        generation.finish(FinishReason.LENGTH, -1, 1, 5);

        assertThat(generation.next()).isEqualTo(TOKEN);
        assertThat(generation.next()).isInstanceOf(TokenEvent.Finished.class);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(generation::next).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void cancellingAfterTheEndTakesNothingAway() throws InterruptedException {
        generation.deliver(TOKEN);
        generation.finish(FinishReason.STOP, 9, 2, 5);
        generation.close();

        assertThat(generation.cancelled()).isFalse();
        assertThat(generation.next()).isEqualTo(TOKEN);
        assertThat(generation.next())
                .isInstanceOfSatisfying(
                        TokenEvent.Finished.class, f -> assertThat(f.stopToken()).isEqualTo(9));
    }

    @Test
    void whatComesAfterCancellingIsNotSeen() {
        generation.deliver(TOKEN);
        generation.close();
        generation.close();
        generation.deliver(TOKEN);
        generation.finish(FinishReason.LENGTH, -1, 1, 5);
        generation.fail(() -> new EngineClosed("too late", null));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(generation::next).isInstanceOf(Cancelled.class);
        }
    }

    @Test
    void aFailureComesAfterTheTokensBeforeItAndStays() throws InterruptedException {
        generation.deliver(TOKEN);
        generation.fail(() -> new EngineClosed("closed", null));
        generation.close();

        assertThat(generation.next()).isEqualTo(TOKEN);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(generation::next).isInstanceOf(EngineClosed.class);
        }
    }

    private static LiveGeneration generation() {
        SamplingParameters sampling = SamplingParameters.builder().build();
        GenerationRequest request =
                new GenerationRequest(
                        new int[] {1, 2},
                        sampling,
                        0,
                        5,
                        Set.of(9),
                        Set.of(),
                        -1,
                        false,
                        Dispatch.ordinary());
        return new LiveGeneration(request, Sampler.of(sampling, Set.of(), 10), 0, null, () -> {});
    }
}

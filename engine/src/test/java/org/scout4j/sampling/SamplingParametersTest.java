package org.scout4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.scout4j.error.InvalidRequest;

class SamplingParametersTest {

    @Test
    void defaultsSampleFromTheUntouchedDistribution() {
        SamplingParameters parameters = SamplingParameters.builder().build();

        assertThat(parameters).isEqualTo(new SamplingParameters(Map.of(), 1, 0, 0, 1, 0, 1, 0, 0));
    }

    @Test
    void bothEndsOfEachRangeAreAccepted() {
        List<UnaryOperator<SamplingParameters.Builder>> ends =
                List.of(
                        b -> b.temperature(0),
                        b -> b.temperature(5),
                        b -> b.topP(0),
                        b -> b.topP(1),
                        b -> b.minP(0),
                        b -> b.minP(1),
                        b -> b.topK(0),
                        b -> b.topK(Integer.MAX_VALUE),
                        b -> b.repetitionPenalty(Float.MIN_VALUE),
                        b -> b.repetitionPenalty(2),
                        b -> b.presencePenalty(-2),
                        b -> b.presencePenalty(2),
                        b -> b.frequencyPenalty(-2),
                        b -> b.frequencyPenalty(2),
                        b -> b.logitBias(0, -100),
                        b -> b.logitBias(0, 100),
                        b -> b.seed(Long.MIN_VALUE),
                        b -> b.seed(Long.MAX_VALUE));

        ends.forEach(end -> end.apply(SamplingParameters.builder()).build());
    }

    @Test
    void whatLiesOutsideIsRefusedByName() {
        assertRefused("temperature", b -> b.temperature(Math.nextUp(5f)));
        assertRefused("temperature", b -> b.temperature(-Float.MIN_VALUE));
        assertRefused("temperature", b -> b.temperature(Float.NaN));
        assertRefused("temperature", b -> b.temperature(Float.POSITIVE_INFINITY));
        assertRefused("top_p", b -> b.topP(Math.nextUp(1f)));
        assertRefused("top_p", b -> b.topP(-0.1f));
        assertRefused("top_p", b -> b.topP(Float.NaN));
        assertRefused("min_p", b -> b.minP(1.5f));
        assertRefused("min_p", b -> b.minP(Float.NaN));
        assertRefused("top_k", b -> b.topK(-1));
        assertRefused("repetition_penalty", b -> b.repetitionPenalty(0));
        assertRefused("repetition_penalty", b -> b.repetitionPenalty(Math.nextUp(2f)));
        assertRefused("repetition_penalty", b -> b.repetitionPenalty(Float.NaN));
        assertRefused("presence_penalty", b -> b.presencePenalty(Math.nextUp(2f)));
        assertRefused("presence_penalty", b -> b.presencePenalty(Float.NaN));
        assertRefused("frequency_penalty", b -> b.frequencyPenalty(-2.5f));
        assertRefused("frequency_penalty", b -> b.frequencyPenalty(Float.NEGATIVE_INFINITY));
        assertRefused("logit_bias", b -> b.logitBias(7, 100.1f));
        assertRefused("logit_bias", b -> b.logitBias(7, Float.NaN));
        assertRefused("logit_bias", b -> b.logitBias(-1, 1));
    }

    @Test
    void theMessageHasTheValue() {
        assertThatThrownBy(() -> SamplingParameters.builder().temperature(7).build())
                .hasMessage("temperature must be between 0 and 5, not 7.0.");
    }

    private static void assertRefused(
            String param, UnaryOperator<SamplingParameters.Builder> change) {
        SamplingParameters.Builder builder = change.apply(SamplingParameters.builder());
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        InvalidRequest.class, e -> assertThat(e.param()).contains(param))
                .hasMessageContaining(param);
    }
}

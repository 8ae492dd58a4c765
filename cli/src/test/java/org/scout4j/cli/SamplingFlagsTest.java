package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.AnswerOptions;
import org.scout4j.error.InvalidRequest;
import org.scout4j.sampling.SamplingParameters;
import picocli.CommandLine;

class SamplingFlagsTest {
    private static SamplingFlags parse(String... args) {
        SamplingFlags flags = new SamplingFlags();
        new CommandLine(flags).parseArgs(args);
        return flags;
    }

    @Test
    void withoutFlagsTheLikeliestTokenIsTaken() {
        AnswerOptions options = parse().options(0).build();

        SamplingParameters off = SamplingParameters.builder().temperature(0).build();
        assertThat(options.sampling()).isEqualTo(off);
        assertThat(options.maxTokens()).isEmpty();
        assertThat(options.stop()).isEmpty();
        assertThat(options.topLogprobs()).isEmpty();
    }

    @Test
    void everyFlagArrives() {
        AnswerOptions options =
                parse(
                                "--max-tokens=2k",
                                "--temperature=0.7",
                                "--top-p=0.9",
                                "--top-k=40",
                                "--min-p=0.05",
                                "--repetition-penalty=1.1",
                                "--presence-penalty=-0.5",
                                "--frequency-penalty=0.25",
                                "--logit-bias=5=-100",
                                "--logit-bias=6=1.5",
                                "--stop=END",
                                "--stop=\n\n")
                        .options(42)
                        .build();

        assertThat(options.sampling())
                .isEqualTo(
                        new SamplingParameters(
                                Map.of(5, -100f, 6, 1.5f),
                                1.1f,
                                -0.5f,
                                0.25f,
                                0.7f,
                                40,
                                0.9f,
                                0.05f,
                                42));
        assertThat(options.maxTokens()).isEqualTo(OptionalInt.of(2000));
        assertThat(options.stop()).isEqualTo(List.of("END", "\n\n"));
    }

    @Test
    void aSeedIsChosenOnlyWhereChanceHasASay() {
        RandomGenerator random = new SplittableRandom(1);

        assertThat(parse().chooseSeed(random)).isZero();
        assertThat(parse("--seed=-7", "--temp=1").chooseSeed(random)).isEqualTo(-7);
        long chosen = parse("--temp=1").chooseSeed(random);
        assertThat(chosen)
                .isBetween(0L, 1L << 53)
                .isNotEqualTo(parse("--temp=1").chooseSeed(random));
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, 0.5, temperature         0.5",
        "temp, 2, temperature         2.0",
        "top_p, 0.25, top_p               0.25",
        "top-k, 7, top_k               7",
        "min_p, 0.5, min_p               0.5",
        "repetition_penalty, 1.5, repetition_penalty  1.5",
        "presence_penalty, 1, presence_penalty    1.0",
        "frequency_penalty, 1, frequency_penalty   1.0",
        "max_tokens, 64, max_tokens          64",
        "seed, 12, seed                12",
    })
    void parametersAreSetByName(String name, String value, String line) {
        SamplingFlags flags = new SamplingFlags();

        flags.set(name, value);

        assertThat(flags.describe()).contains(line);
        assertThat(flags.copy().describe()).isEqualTo(flags.describe());
    }

    @Test
    void noneTakesAParameterBack() {
        SamplingFlags flags = parse("--max-tokens=5", "--seed=3");

        flags.set("max_tokens", "none");
        flags.set("seed", "none");

        assertThat(flags.describe())
                .contains("max_tokens          none", "seed                none");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "temperature, hot, 'hot' is not a number",
                "temperature, 9, temperature must be between 0 and 5",
                "top_k, 1.5, '1.5' is not a number",
                "max_tokens, 0, max_tokens is 0",
                "humour, 1, There is no parameter humour",
            })
    void wrongValuesAreRefused(String name, String value, String message) {
        assertThatThrownBy(() -> new SamplingFlags().set(name, value))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining(message);
    }
}

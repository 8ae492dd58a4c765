package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scout4j.error.AnswerUnusable;
import org.scout4j.error.Cancelled;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.DoesNotFit;
import org.scout4j.error.EngineClosed;
import org.scout4j.error.GenerationFailed;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.Overloaded;
import org.scout4j.error.PlatformUnfit;
import org.scout4j.error.ScoutException;
import org.scout4j.error.TimedOut;
import org.scout4j.error.VerificationFailed;

/** The table "Errors" of docs/ARCHITECTURE.md. */
class ExitCodesTest {
    static List<Arguments> table() {
        return List.of(
                Arguments.of(new InvalidRequest("x", "bad"), 2, "invalid_request"),
                Arguments.of(new ContextOverflow(9, 8), 2, "context_length_exceeded"),
                Arguments.of(new ModelNotFound("gone", "look"), 3, "model_not_found"),
                Arguments.of(
                        new VerificationFailed(Path.of("f"), "torn"), 4, "verification_failed"),
                Arguments.of(new DoesNotFit("large", "shrink", 2, 1), 5, "does_not_fit"),
                Arguments.of(new Overloaded("busy", Duration.ofSeconds(1)), 6, "overloaded"),
                Arguments.of(new EngineClosed("closed", null), 6, "engine_closed"),
                Arguments.of(new PlatformUnfit("old", "update"), 8, "platform_unfit"),
                Arguments.of(
                        new GenerationFailed(GenerationFailed.Reason.INTERNAL),
                        1,
                        "generation_failed"),
                Arguments.of(new AnswerUnusable("cut", "allow more"), 1, "answer_unusable"),
                Arguments.of(new TimedOut(Duration.ofSeconds(9)), 6, "timeout"),
                Arguments.of(new Cancelled(), 130, "cancelled"));
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyKindHasItsCode(ScoutException failure, int exit, String name) {
        assertThat(ExitCodes.of(failure)).isEqualTo(exit);
        assertThat(ExitCodes.name(failure)).isEqualTo(name);
        String message = Objects.requireNonNull(failure.getMessage());
        assertThat(Failure.of(failure))
                .isEqualTo(new Failure(exit, name, message, failure.remedy()));
    }

    @Test
    void theTableIsWhole() {
        assertThat(table()).hasSameSizeAs(ScoutException.class.getPermittedSubclasses());
    }
}

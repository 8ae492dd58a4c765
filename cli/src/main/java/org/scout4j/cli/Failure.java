package org.scout4j.cli;

import java.util.Optional;
import org.scout4j.error.ScoutException;

/**
 * Why a command ended without success, for its user.
 *
 * @param exit the exit status
 * @param code the kind, for programs
 * @param message what happened and why, with numbers
 * @param hint what to type or do next
 */
record Failure(int exit, String code, String message, Optional<String> hint) {

    static Failure of(ScoutException failure) {
        return new Failure(
                ExitCodes.of(failure),
                ExitCodes.name(failure),
                String.valueOf(failure.getMessage()),
                failure.remedy());
    }

    static Failure usage(String message, String hint) {
        return new Failure(ExitCodes.USAGE, "usage", message, Optional.of(hint));
    }

    /** Something nobody foresaw: its own message is for developers. */
    static Failure internal(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return new Failure(
                    ExitCodes.INTERNAL,
                    "internal_error",
                    "internal error: Java ran out of memory (" + failure.getMessage() + ").",
                    Optional.of(
                            "Give it more, for example SCOUT4J_JAVA_OPTS=-Xmx8g, or choose a smaller"
                                    + " --ctx."));
        }
        return new Failure(
                ExitCodes.INTERNAL,
                "internal_error",
                "internal error: " + failure.getClass().getSimpleName() + ".",
                Optional.of(
                        "This is a defect of scout4j: run it again with --debug and report it."));
    }

    void print(Output err, boolean json, Palette palette) {
        if (json) {
            err.println(
                    JsonText.object(generator -> {
                        generator.writeObjectPropertyStart("error");
                        generator.writeStringProperty("code", code);
                        generator.writeStringProperty("message", message);
                        generator.writeName("hint");
                        if (hint.isPresent()) {
                            generator.writeString(hint.get());
                        } else {
                            generator.writeNull();
                        }
                        generator.writeNumberProperty("exit", exit);
                        generator.writeEndObject();
                    }));
        } else {
            err.println(palette.alarm("scout4j:") + " " + message);
            hint.ifPresent(text -> err.println("  " + text));
        }
        err.flush();
    }
}

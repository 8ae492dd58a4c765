package org.scout4j.server.workersai;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.server.Problem;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;

/** Problems that only this service has, or tells with another status. */
final class RunProblems {
    static final String MODEL_NAME = "invalid_model_name";
    static final String LORA = "lora_not_supported";
    static final String JSON_NOT_MET = "json_not_met";

    private RunProblems() {}

    /** A name that is none of a model, or the one of a model that is not served. */
    static ProblemException model(String name) {
        String shown = Problems.quoted(name);
        Problem problem =
                wellFormed(name)
                        ? Problems.invalid(
                                "model",
                                "model_not_found",
                                "There is no model '" + shown + "' here.")
                        : Problems.refused(
                                404,
                                MODEL_NAME,
                                "'"
                                        + shown
                                        + "' is no name of a model; they look like"
                                        + " @cf/meta/llama-4-scout-17b-16e-instruct.");
        return new ProblemException(problem);
    }

    /** Whether it has the form {@code @source/author/model}. */
    private static boolean wellFormed(String name) {
        int author = name.indexOf('/');
        int model = name.indexOf('/', author + 1);
        return name.startsWith("@")
                && author > 1
                && model > author + 1
                && model < name.length() - 1
                && name.indexOf('/', model + 1) < 0;
    }

    static ProblemException lora() {
        return new ProblemException(
                Problems.refused(
                        405, LORA, "This model takes no LoRA; leave the field 'lora' out."));
    }

    /** The answer is not the JSON that was asked for: it was cut. */
    static ProblemException jsonNotMet() {
        return new ProblemException(
                Problems.invalid(
                        null,
                        JSON_NOT_MET,
                        "JSON Mode couldn't be met: the answer ended before the JSON did. Allow it"
                                + " more tokens with 'max_tokens'."));
    }

    /** A value that contradicts another, or lacks one. */
    static ProblemException invalid(@Nullable String param, String message) {
        return new ProblemException(Problems.invalid(param, null, message));
    }

    /** The same problem, with the status that this service gives it. */
    static Problem told(Problem problem) {
        return "context_length_exceeded".equals(problem.code())
                ? new Problem(
                        413,
                        problem.type(),
                        problem.code(),
                        problem.param(),
                        problem.message(),
                        Optional.empty())
                : problem;
    }

    /** The same problem, told of a request inside a batch. */
    static ProblemException within(String place, Problem problem) {
        return new ProblemException(
                new Problem(
                        problem.status(),
                        problem.type(),
                        problem.code(),
                        problem.param() == null ? place : place + "." + problem.param(),
                        "In '" + place + "': " + problem.message(),
                        problem.retryAfter()));
    }
}

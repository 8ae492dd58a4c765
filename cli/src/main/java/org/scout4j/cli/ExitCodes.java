package org.scout4j.cli;

import java.util.LinkedHashMap;
import java.util.Map;
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

/** What the command's exit status means; scripts rely on it. */
final class ExitCodes {
    static final int OK = 0;
    static final int INTERNAL = 1;
    static final int USAGE = 2;
    static final int MODEL_NOT_FOUND = 3;
    static final int VERIFICATION_FAILED = 4;
    static final int DOES_NOT_FIT = 5;
    static final int UNAVAILABLE = 6;

    /** A server wants another key. */
    static final int DENIED = 7;

    static final int PLATFORM_UNFIT = 8;

    /** The answer was cut by its length, and {@code --fail-on-length} was given. */
    static final int CUT_BY_LENGTH = 9;

    /** Ctrl-C. */
    static final int INTERRUPTED = 130;

    /** SIGTERM; how a server ends. */
    static final int TERMINATED = 143;

    private ExitCodes() {}

    /** The list for {@code --help}. */
    static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        table.put(" 0", "success");
        table.put(" 1", "internal error; a request of a benchmark failed");
        table.put(" 2", "wrong usage, or an input that cannot be used");
        table.put(" 3", "model not found");
        table.put(" 4", "a model file is damaged, or of an unknown kind");
        table.put(" 5", "the model does not fit in memory");
        table.put(" 6", "overloaded or closed, or a server that cannot be reached");
        table.put(" 7", "a server denies access");
        table.put(" 8", "this machine or Java runtime lacks something");
        table.put(" 9", "the answer was cut by its length (only with --fail-on-length)");
        table.put("130", "stopped by Ctrl-C");
        table.put("143", "stopped by SIGTERM");
        return table;
    }

    static int of(ScoutException failure) {
        return switch (failure) {
            case InvalidRequest invalid -> USAGE;
            case ContextOverflow overflow -> USAGE;
            case ModelNotFound missing -> MODEL_NOT_FOUND;
            case VerificationFailed damaged -> VERIFICATION_FAILED;
            case DoesNotFit large -> DOES_NOT_FIT;
            case Overloaded busy -> UNAVAILABLE;
            case EngineClosed closed -> UNAVAILABLE;
            case PlatformUnfit unfit -> PLATFORM_UNFIT;
            case GenerationFailed failed -> INTERNAL;
            case AnswerUnusable unusable -> INTERNAL;
            case TimedOut late -> UNAVAILABLE;
            case Cancelled cancelled -> INTERRUPTED;
        };
    }

    /** The same kinds by the name that {@code --json} gives them. */
    static String name(ScoutException failure) {
        return switch (failure) {
            case InvalidRequest invalid -> "invalid_request";
            case ContextOverflow overflow -> "context_length_exceeded";
            case ModelNotFound missing -> "model_not_found";
            case VerificationFailed damaged -> "verification_failed";
            case DoesNotFit large -> "does_not_fit";
            case Overloaded busy -> "overloaded";
            case EngineClosed closed -> "engine_closed";
            case PlatformUnfit unfit -> "platform_unfit";
            case GenerationFailed failed -> "generation_failed";
            case AnswerUnusable unusable -> "answer_unusable";
            case TimedOut late -> "timeout";
            case Cancelled cancelled -> "cancelled";
        };
    }
}

package org.scout4j.server;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

/** The catalogue of everything that a client can be told has gone wrong. */
public final class Problems {
    private static final String INVALID = "invalid_request_error";
    private static final String SERVER = "server_error";
    private static final int LONGEST_MESSAGE = 500; // spec "Reliability" L-26

    private Problems() {}

    /** What to tell about any failure; what is not meant for clients becomes a fixed text. */
    public static Problem of(Throwable failure) {
        return switch (failure) {
            case ProblemException known -> known.problem();
            case ScoutException known -> of(known);
            default -> internal();
        };
    }

    private static Problem of(ScoutException failure) {
        return switch (failure) {
            case InvalidRequest invalid ->
                    invalid(
                            invalid.param().orElse(null),
                            invalid.code().orElse(null),
                            sentence(invalid));
            case ContextOverflow overflow ->
                    invalid("messages", "context_length_exceeded", sentence(overflow));
            case Overloaded busy ->
                    new Problem(
                            429,
                            "rate_limit_error",
                            "queue_full",
                            null,
                            sentence(busy),
                            Optional.of(busy.retryAfter()));
            case TimedOut late ->
                    new Problem(408, SERVER, "timeout", null, sentence(late), Optional.empty());
            case GenerationFailed failed ->
                    new Problem(
                            500,
                            SERVER,
                            switch (failed.reason()) {
                                case NON_FINITE_LOGITS -> "non_finite_logits";
                                case CONSTRAINT -> "schema_too_complex";
                                case INTERNAL -> "internal";
                            },
                            null,
                            sentence(failed),
                            Optional.empty());
            case EngineClosed closed -> draining(Duration.ofSeconds(5));
            case Cancelled cancelled ->
                    new Problem(
                            499, SERVER, "cancelled", null, sentence(cancelled), Optional.empty());
            // Kinds of loading a model, and of reading an answer in Java: no request meets them.
            case AnswerUnusable unusable -> internal();
            case ModelNotFound missing -> internal();
            case VerificationFailed damaged -> internal();
            case DoesNotFit large -> internal();
            case PlatformUnfit unfit -> internal();
        };
    }

    private static String sentence(ScoutException failure) {
        return failure.remedy()
                .map(remedy -> failure.getMessage() + " " + remedy)
                .orElseGet(() -> String.valueOf(failure.getMessage()));
    }

    /** A request that cannot be served as it is. */
    public static Problem invalid(@Nullable String param, @Nullable String code, String message) {
        String cut =
                message.length() <= LONGEST_MESSAGE
                        ? message
                        : message.substring(0, LONGEST_MESSAGE - 1) + "…";
        return new Problem(400, INVALID, code, param, cut, Optional.empty());
    }

    /** A field, or a value of it, that is well-formed and known, but not offered. */
    public static Problem unsupported(String param, String message) {
        return invalid(param, InvalidRequest.UNSUPPORTED, message);
    }

    /** A model that is not served here. */
    public static Problem modelNotFound(String name) {
        return new Problem(
                404,
                INVALID,
                "model_not_found",
                "model",
                "The model '"
                        + quoted(name)
                        + "' does not exist here. GET /v1/models lists those that do.",
                Optional.empty());
    }

    /** A path that leads nowhere. */
    public static Problem notFound() {
        return new Problem(
                404,
                INVALID,
                "not_found",
                null,
                "There is nothing at this path.",
                Optional.empty());
    }

    /** A path that wants another method. */
    public static Problem methodNotAllowed(String allowed) {
        return new Problem(
                405,
                INVALID,
                "method_not_allowed",
                null,
                "This path takes " + allowed + ".",
                Optional.empty());
    }

    /** An endpoint of the hosted services that is not offered. */
    public static Problem notSupported(String what) {
        return new Problem(
                501,
                INVALID,
                "not_supported",
                null,
                what + " is not supported by this server.",
                Optional.empty());
    }

    /** The model is not there yet. */
    public static Problem loading(Duration retryAfter) {
        return new Problem(
                503,
                SERVER,
                "loading",
                null,
                "The model is being loaded. Send the request again in a moment.",
                Optional.of(retryAfter));
    }

    /** The server is going down. */
    public static Problem draining(Duration retryAfter) {
        return new Problem(
                503,
                SERVER,
                "draining",
                null,
                "The server is shutting down. Send the request again in a moment.",
                Optional.of(retryAfter));
    }

    /** Something of ours failed; the log has it under the request's id. */
    public static Problem internal() {
        return new Problem(
                500,
                SERVER,
                "internal",
                null,
                "The server failed to handle this request; its log says why, under the request's"
                        + " id.",
                Optional.empty());
    }

    /** No key, or a wrong one: the same text for both. */
    public static Problem unauthorized() {
        return new Problem(
                401,
                "authentication_error",
                "invalid_api_key",
                null,
                "This server needs an API key. Send a valid one as Authorization: Bearer KEY.",
                Optional.empty());
    }

    /** A Host header that is not ours, on a server without keys. */
    public static Problem misdirected() {
        return refused(
                421,
                "misdirected",
                "The Host header names another host. Use the address that the server printed, or"
                        + " give it keys.");
    }

    /** A body over the limit. */
    public static Problem tooLarge(long limit) {
        return refused(
                413,
                "request_too_large",
                "The body is larger than " + limit + " bytes, the limit of this server.");
    }

    /** A body that is not JSON by its headers. */
    public static Problem unsupportedMediaType(String what) {
        return refused(415, "unsupported_media_type", what);
    }

    /** A head or body that came too slowly. */
    public static Problem tooSlow(String what) {
        return new Problem(408, "timeout_error", "timeout", null, what, Optional.empty());
    }

    /** A request that fails at the level of HTTP. */
    public static Problem refused(int status, String code, String message) {
        return new Problem(status, INVALID, code, null, message, Optional.empty());
    }

    /** Client text for a message: short, and without control characters. */
    public static String quoted(String text) {
        String printable =
                text.codePoints()
                        .limit(100)
                        .map(c -> Character.isISOControl(c) ? '?' : c)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        return printable.length() < text.length() ? printable + "…" : printable;
    }
}

package org.scout4j.error;

/**
 * One generation failed and not through its caller's fault; the engine and other generations go on.
 * What happened is in the log, not in the message.
 */
public final class GenerationFailed extends ScoutException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What kind of failure it was. */
    public enum Reason {
        /** The model produced NaN or infinity where a token was to be chosen. */
        NON_FINITE_LOGITS(
                "The model's output is not finite; the generation cannot go on.",
                "Verify the model's files; if they are sound, report the prompt's length and the"
                        + " model."),
        /** The schema or pattern that it is held to became too complex on the way. */
        CONSTRAINT(
                "The schema or pattern became too complex while the answer was made.",
                "Make it simpler: fewer alternatives that begin alike, less nesting."),
        /** The step that this generation took part in failed. */
        INTERNAL(
                "The engine failed while it computed this generation.",
                "Send the request again; the log has the cause.");

        private final String message;
        private final String remedy;

        Reason(String message, String remedy) {
            this.message = message;
            this.remedy = remedy;
        }
    }

    public GenerationFailed(Reason reason) {
        super(reason.message, reason.remedy, null);
        this.reason = reason;
    }

    /** What kind of failure it was. */
    public Reason reason() {
        return reason;
    }
}

package org.scout4j.error;

/** An answer has come, but it is not what its reader wants: cut, or of another form. */
public final class AnswerUnusable extends ScoutException {
    private static final long serialVersionUID = 1;

    public AnswerUnusable(String message, String remedy) {
        super(message, remedy, null);
    }
}

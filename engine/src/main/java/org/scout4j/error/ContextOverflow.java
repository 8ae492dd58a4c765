package org.scout4j.error;

/** Prompt and requested answer are together longer than the context. */
public final class ContextOverflow extends ScoutException {
    private static final long serialVersionUID = 1;

    private final long needed;
    private final long limit;

    /**
     * @param needed tokens the request asks for, prompt and answer
     * @param limit tokens the context holds
     */
    public ContextOverflow(long needed, long limit) {
        super(
                "The request needs " + needed + " tokens, the context holds " + limit + ".",
                "Shorten the prompt, ask for fewer tokens, or load the model with a larger"
                        + " context.",
                null);
        this.needed = needed;
        this.limit = limit;
    }

    public long needed() {
        return needed;
    }

    public long limit() {
        return limit;
    }
}

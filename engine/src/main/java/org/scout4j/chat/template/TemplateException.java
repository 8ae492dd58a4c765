package org.scout4j.chat.template;

/** A template cannot be read, or cannot render what it was given. Nothing else is ever thrown. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final int line;
    private final String reason;

    /** Why a template failed. */
    public enum Kind {
        /** It is not a template, or uses something this renderer does not know. */
        SYNTAX,
        /** An operation is impossible on the values it met. */
        EVALUATION,
        /** The template itself refuses its input: {@code raise_exception}. */
        REFUSED,
        /** It asks for more than its {@link Limits}. */
        LIMIT
    }

    TemplateException(Kind kind, int line, String reason) {
        super(line == 0 ? reason : "line " + line + ": " + reason);
        this.kind = kind;
        this.line = line;
        this.reason = reason;
    }

    TemplateException(Kind kind, String reason) {
        this(kind, 0, reason);
    }

    /** A failed operation. */
    static TemplateException failed(String reason) {
        return new TemplateException(Kind.EVALUATION, reason);
    }

    /** The same with a line, unless it has one already. */
    TemplateException at(int line) {
        if (this.line != 0) {
            return this;
        }
        TemplateException located = new TemplateException(kind, line, reason);
        located.setStackTrace(getStackTrace());
        return located;
    }

    public Kind kind() {
        return kind;
    }

    /** The line of the template, counted from 1; 0 when it has none. */
    public int line() {
        return line;
    }

    /** The message without the line. */
    public String reason() {
        return reason;
    }
}

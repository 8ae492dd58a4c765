package org.scout4j.chat.calls;

/** Reads arguments that stand as JSON text inside a JSON string. */
final class ArgumentsInText {
    private final ArgumentsText out;
    private final StringLiteral string = new StringLiteral(this::unit, true);
    private final LiteralReader reader;

    private boolean begun;
    private boolean done;
    private boolean wrong;

    /** "null" as far as it has been read. */
    private final StringBuilder word = new StringBuilder();

    ArgumentsInText(ArgumentsText out, char quote) {
        this.out = out;
        this.reader = LiteralReader.ofJson(out);
        string.open(quote, false);
    }

    /** Takes the next character of the string: MORE, DONE or MALFORMED. */
    Progress accept(char c) {
        Progress progress = string.accept(c);
        if (progress == Progress.DONE) {
            if (!begun && (word.isEmpty() || word.toString().equals("null"))) {
                out.append("{}");
            } else {
                wrong |= !done;
            }
        }
        return wrong ? Progress.MALFORMED : progress;
    }

    private void unit(char unit) {
        if (done) {
            wrong |= !Characters.isSpace(unit);
        } else if (begun || (unit == '{' && word.isEmpty())) {
            begun = true;
            Progress progress = reader.accept(unit);
            done = progress == Progress.DONE;
            wrong |= progress == Progress.MALFORMED;
        } else if (!Characters.isSpace(unit)) {
            wrong |= word.length() == 4;
            word.append(unit);
        }
    }
}

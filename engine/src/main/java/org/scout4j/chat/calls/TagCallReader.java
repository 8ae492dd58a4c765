package org.scout4j.chat.calls;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code <function=f>{…}} from its first character on; the closing tag, if there is one, is
 * left to who reads on. Whoever hands out this reader has seen that the head is right.
 */
final class TagCallReader implements CallReader {
    private final NameTrie names;
    private final CallSink sink;
    private final ArgumentsText text = new ArgumentsText();
    private final StringBuilder name = new StringBuilder();

    private boolean inName;
    private boolean begun;
    private @Nullable LiteralReader arguments;

    TagCallReader(NameTrie names, CallSink sink) {
        this.names = names;
        this.sink = sink;
    }

    @Override
    public Progress accept(char c) {
        if (arguments != null) {
            Progress progress = arguments.accept(c);
            if (progress == Progress.DONE) {
                sink.complete();
            }
            return progress;
        }
        return begun ? body(c) : head(c);
    }

    private Progress head(char c) {
        if (!inName) {
            inName = c == '=';
        } else if (c == '>' || c == '{') {
            int function = names.find(name);
            if (function == NameTrie.NONE) {
                return Progress.NO_CALL;
            }
            begun = true;
            sink.begin(function, text);
            return c == '{' ? body(c) : Progress.MORE;
        } else if (Characters.isNamePart(c)) {
            name.append(c);
        }
        return Progress.MORE;
    }

    private Progress body(char c) {
        if (Characters.isSpace(c)) {
            return Progress.MORE;
        }
        if (c == '<') {
            empty();
            return Progress.DONE_BEFORE;
        }
        if (c != '{') {
            return Progress.MALFORMED;
        }
        LiteralReader reader = LiteralReader.ofJson(text);
        arguments = reader;
        return reader.accept(c);
    }

    private void empty() {
        text.append("{}");
        sink.complete();
    }

    @Override
    public Progress end(OutputEnd end) {
        LiteralReader open = arguments;
        if (end == OutputEnd.CUT) {
            if (open != null) {
                open.cut();
            }
            return Progress.DONE;
        }
        if (open == null) {
            empty();
            return Progress.DONE;
        }
        if (!open.repair()) {
            return Progress.MALFORMED;
        }
        sink.complete();
        return Progress.DONE;
    }
}

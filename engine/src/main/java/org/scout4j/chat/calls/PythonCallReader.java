package org.scout4j.chat.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code [f(a=1), g()]} from its bracket on, or one call {@code f(a=1)} without brackets. */
final class PythonCallReader implements CallReader {
    private enum State {
        OPEN,
        ITEM,
        NAME,
        NAME_GAP,
        ARGUMENTS,
        BETWEEN
    }

    private final List<DeclaredFunction> functions;
    private final NameTrie names;
    private final CallSink sink;
    private final boolean bare;

    private State state;
    private final StringBuilder name = new StringBuilder();
    private @Nullable LiteralReader arguments;
    private boolean lineEnded;

    PythonCallReader(
            List<DeclaredFunction> functions, NameTrie names, CallSink sink, boolean bare) {
        this.functions = functions;
        this.names = names;
        this.sink = sink;
        this.bare = bare;
        this.state = bare ? State.NAME : State.OPEN;
    }

    boolean isBare() {
        return bare;
    }

    @Override
    public Progress accept(char c) {
        if (arguments != null) {
            return arguments(arguments, c);
        }
        return switch (state) {
            case OPEN -> {
                state = State.ITEM;
                yield Progress.MORE;
            }
            case ITEM -> item(c);
            case NAME -> {
                if (!Characters.isNamePart(c)) {
                    state = State.NAME_GAP;
                    yield accept(c);
                }
                name.append(c);
                yield Progress.MORE;
            }
            case NAME_GAP -> nameGap(c);
            case BETWEEN -> between(c);
            case ARGUMENTS -> throw new IllegalStateException();
        };
    }

    private Progress item(char c) {
        if (Characters.isSpace(c)) {
            return Progress.MORE;
        }
        if (c == ']') {
            return Progress.DONE;
        }
        if (!Characters.isNamePart(c)) {
            return Progress.MALFORMED;
        }
        name.setLength(0);
        name.append(c);
        state = State.NAME;
        return Progress.MORE;
    }

    private Progress nameGap(char c) {
        if (Characters.isSpace(c)) {
            return Progress.MORE;
        }
        int function = c == '(' ? names.find(name) : NameTrie.NONE;
        if (function == NameTrie.NONE) {
            return Progress.MALFORMED;
        }
        ArgumentsText text = new ArgumentsText();
        arguments = LiteralReader.ofCall(text, functions.get(function).parameters());
        state = State.ARGUMENTS;
        sink.begin(function, text);
        return Progress.MORE;
    }

    private Progress arguments(LiteralReader reader, char c) {
        Progress progress = reader.accept(c);
        if (progress != Progress.DONE) {
            return progress;
        }
        return endCall();
    }

    private Progress endCall() {
        arguments = null;
        lineEnded = false;
        state = State.BETWEEN;
        sink.complete();
        return bare ? Progress.DONE : Progress.MORE;
    }

    private Progress between(char c) {
        switch (c) {
            case ',', ';' -> state = State.ITEM;
            case ']' -> {
                return Progress.DONE;
            }
            case '\n' -> lineEnded = true;
            default -> {
                if (lineEnded && Characters.isNamePart(c)) {
                    return item(c);
                }
                return Characters.isSpace(c) ? Progress.MORE : Progress.MALFORMED;
            }
        }
        return Progress.MORE;
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
        if (open != null) {
            if (!open.repair()) {
                return Progress.MALFORMED;
            }
            endCall();
        }
        boolean inName = state == State.NAME || state == State.NAME_GAP;
        return inName ? Progress.MALFORMED : Progress.DONE;
    }
}

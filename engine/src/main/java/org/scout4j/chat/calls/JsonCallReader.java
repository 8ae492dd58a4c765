package org.scout4j.chat.calls;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"name": "f", "parameters": {…}}} in all its wrappings, or a list of such objects,
 * from the first bracket on.
 */
final class JsonCallReader implements CallReader {
    private enum State {
        ITEM,
        MEMBER,
        KEY,
        COLON,
        VALUE,
        PLAIN_VALUE,
        ARGUMENTS,
        ARGUMENTS_TEXT,
        NEXT,
        BETWEEN
    }

    private final NameTrie names;
    private final CallSink sink;
    private final boolean list;

    private State state = State.ITEM;
    private boolean opened;
    private boolean anyCall;

    /** What is known of the object that is being read. */
    private int function;

    private boolean nested;
    private boolean begun;
    private boolean hasArguments;
    private ArgumentsText arguments = new ArgumentsText();

    private final StringBuilder key = new StringBuilder();
    private final StringLiteral string = new StringLiteral(key::append, true);
    private ArgumentsText plain = new ArgumentsText();
    private LiteralReader value = LiteralReader.ofJson(plain);
    private @Nullable ArgumentsInText text;

    JsonCallReader(NameTrie names, CallSink sink, boolean list) {
        this.names = names;
        this.sink = sink;
        this.list = list;
        this.opened = !list;
    }

    @Override
    public Progress accept(char c) {
        return switch (state) {
            case KEY -> key(c);
            case PLAIN_VALUE -> plainValue(c);
            case ARGUMENTS -> arguments(c);
            case ARGUMENTS_TEXT -> argumentsText(c);
            case ITEM, MEMBER, COLON, VALUE, NEXT, BETWEEN ->
                    Characters.isSpace(c) ? Progress.MORE : syntax(c);
        };
    }

    private Progress syntax(char c) {
        return switch (state) {
            case ITEM -> item(c);
            case MEMBER -> {
                if (c == '}') {
                    yield endObject();
                }
                if (!Characters.isQuote(c)) {
                    yield wrong();
                }
                key.setLength(0);
                string.open(c, false);
                yield go(State.KEY);
            }
            case COLON -> c == ':' ? go(State.VALUE) : wrong();
            case VALUE -> value(c);
            case NEXT ->
                    switch (c) {
                        case ',' -> go(State.MEMBER);
                        case '}' -> endObject();
                        default -> wrong();
                    };
            default -> // BETWEEN
                    switch (c) {
                        case ',', ';' -> go(State.ITEM);
                        case ']' -> Progress.DONE;
                        default -> wrong();
                    };
        };
    }

    private Progress go(State next) {
        state = next;
        return Progress.MORE;
    }

    /** What to call a fault: without a known function nothing says that this is a call. */
    private Progress wrong() {
        return anyCall || function != NameTrie.NONE ? Progress.MALFORMED : Progress.NO_CALL;
    }

    private Progress item(char c) {
        if (!opened) {
            opened = true;
            return c == '[' ? Progress.MORE : Progress.NO_CALL;
        }
        if (c == ']' && anyCall) {
            return Progress.DONE;
        }
        if (c != '{') {
            return anyCall ? Progress.MALFORMED : Progress.NO_CALL;
        }
        function = NameTrie.NONE;
        nested = false;
        begun = false;
        hasArguments = false;
        arguments = new ArgumentsText();
        return go(State.MEMBER);
    }

    private Progress key(char c) {
        Progress progress = string.accept(c);
        if (progress == Progress.MORE) {
            return progress;
        }
        boolean known =
                switch (key.toString()) {
                    case "type", "id" -> true;
                    case "name" -> function == NameTrie.NONE;
                    case "function" -> function == NameTrie.NONE && !nested;
                    case "parameters", "arguments" -> !hasArguments;
                    default -> false;
                };
        if (!known) {
            return other();
        }
        return go(State.COLON);
    }

    private Progress value(char c) {
        boolean forArguments = key.charAt(0) == 'p' || key.charAt(0) == 'a';
        if (key.charAt(0) == 'f' && c == '{') {
            nested = true;
            return go(State.MEMBER);
        }
        if (forArguments && c == '{') {
            hasArguments = true;
            begin();
            value = LiteralReader.ofJson(arguments);
            state = State.ARGUMENTS;
            return arguments(c);
        }
        if (forArguments && Characters.isQuote(c)) {
            hasArguments = true;
            begin();
            text = new ArgumentsInText(arguments, c);
            return go(State.ARGUMENTS_TEXT);
        }
        plain = new ArgumentsText();
        value = LiteralReader.ofJson(plain);
        state = State.PLAIN_VALUE;
        return plainValue(c);
    }

    private Progress plainValue(char c) {
        Progress progress = value.accept(c);
        return switch (progress) {
            case MORE -> progress;
            case NO_CALL, MALFORMED -> wrong();
            case DONE, DONE_BEFORE -> {
                Progress next = endPlainValue();
                yield next == Progress.MORE && progress == Progress.DONE_BEFORE ? accept(c) : next;
            }
        };
    }

    private Progress endPlainValue() {
        String json = plain.take();
        state = State.NEXT;
        return switch (key.charAt(0)) {
            case 't' -> json.equals("\"function\"") ? Progress.MORE : other();
            case 'i' -> Progress.MORE;
            case 'n', 'f' -> {
                boolean quoted = json.length() > 2 && json.charAt(0) == '"';
                function =
                        quoted ? names.find(json.substring(1, json.length() - 1)) : NameTrie.NONE;
                if (function == NameTrie.NONE) {
                    yield other();
                }
                if (hasArguments) {
                    begin();
                }
                yield Progress.MORE;
            }
            default -> { // arguments that are no object
                if (!json.equals("null")) {
                    yield wrong();
                }
                hasArguments = true;
                arguments.append("{}");
                begin();
                yield Progress.MORE;
            }
        };
    }

    /** An object that is something else than a call. */
    private Progress other() {
        return anyCall ? Progress.MALFORMED : Progress.NO_CALL;
    }

    private void begin() {
        if (!begun && function != NameTrie.NONE) {
            begun = true;
            sink.begin(function, arguments);
        }
    }

    private Progress arguments(char c) {
        return switch (value.accept(c)) {
            case MORE -> Progress.MORE;
            case DONE -> go(State.NEXT);
            default -> wrong();
        };
    }

    private Progress argumentsText(char c) {
        ArgumentsInText reader = text;
        Progress progress = reader == null ? Progress.MALFORMED : reader.accept(c);
        return switch (progress) {
            case MORE -> Progress.MORE;
            case DONE -> go(State.NEXT);
            default -> wrong();
        };
    }

    private Progress endObject() {
        if (nested) {
            nested = false;
            return go(State.NEXT);
        }
        if (function == NameTrie.NONE) {
            return other();
        }
        endCall();
        return list ? go(State.BETWEEN) : Progress.DONE;
    }

    private void endCall() {
        if (!hasArguments) {
            arguments.append("{}");
        }
        begin();
        anyCall = true;
        sink.complete();
    }

    @Override
    public Progress end(OutputEnd end) {
        if (state == State.ITEM || state == State.BETWEEN) {
            return anyCall ? Progress.DONE : Progress.NO_CALL;
        }
        if (end == OutputEnd.CUT) {
            return endCut();
        }
        boolean whole =
                switch (state) {
                    case MEMBER, NEXT -> true;
                    case ARGUMENTS -> value.repair();
                    default -> false;
                };
        if (!whole || function == NameTrie.NONE) {
            return wrong();
        }
        endCall();
        return Progress.DONE;
    }

    private Progress endCut() {
        if (function == NameTrie.NONE) {
            return anyCall ? Progress.DONE : Progress.NO_CALL;
        }
        begin();
        if (state == State.ARGUMENTS) {
            value.cut();
        }
        return Progress.DONE;
    }
}

package org.scout4j.chat.calls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Message;

/**
 * Reads what a model writes as content and tool calls, in every form that models use, as it comes
 * (spec "Chat" §4). A linear scanner: no character is read more than three times, whatever the
 * text.
 *
 * <p>However the text is cut into pieces, the texts of the events together are the content, and the
 * pieces of a call together are its arguments. Without a grammar that holds the model to what it
 * began, only the end tells whether a call is one, so calls come with the end; with one they flow.
 *
 * <p>For one answer and one thread.
 */
public final class OutputParser {
    private enum Phase {
        /** Nothing but white space yet. */
        OPENING,
        FENCE_HEAD,
        /** A bare call may stand here, and nothing else may (but a fence). */
        BARE_NEXT,
        BARE_NAME,
        FENCE_CLOSE,
        TEXT,
        CALL,
        /** All that comes is content. */
        VERBATIM
    }

    private static final int LONGEST_FENCE_LANGUAGE = 16;

    private final List<DeclaredFunction> functions;
    private final CallTrigger trigger;
    private final ContentText content = new ContentText();
    private final CallLog log;

    /** All text so far, and how much of it has been read. */
    private final StringBuilder raw = new StringBuilder();

    private int at;

    /** Where control tokens around Python code stood in it, and how many of them have been read. */
    private final List<Integer> tags = new ArrayList<>();

    private int tagsRead;

    /** Whether calls are well-formed once they are committed to. */
    private boolean guarded;

    /** Whether the output is calls and nothing else. */
    private final boolean onlyCalls;

    private Phase phase = Phase.OPENING;

    /** Whether all of the output so far is calls without brackets or in a code fence. */
    private boolean whole;

    private boolean fenced;
    private int ticks;
    private int node;
    private int state;

    /** Where the text begins that may become part of calls; negative if there is none. */
    private int held = -1;

    /** Where the text begins that is being read as a call, and where the last call ended. */
    private int callFrom;

    private int callEnd = -1;

    private @Nullable CallReader call;
    private @Nullable Start firstCall;
    private @Nullable Start lastCall;
    private boolean failed;
    private boolean ended;

    /** What was before a call, for when it is none. */
    private record Start(int from, ContentText.Mark content, CallLog.Mark log) {}

    /**
     * @param functions the functions that can be called; with none, everything is content
     * @param parallel whether there may be several calls; if not, those after the first are dropped
     * @param guarded whether a grammar makes sure that a call, once it has been {@linkplain
     *     CallTrigger committed to}, is well-formed to its end
     */
    public OutputParser(
            List<DeclaredFunction> functions, boolean parallel, boolean guarded, CallIds ids) {
        this(functions, parallel, guarded, false, ids);
    }

    private OutputParser(
            List<DeclaredFunction> functions,
            boolean parallel,
            boolean guarded,
            boolean onlyCalls,
            CallIds ids) {
        this.onlyCalls = onlyCalls;
        this.functions = List.copyOf(functions);
        this.guarded = guarded;
        this.trigger = new CallTrigger(functions);
        this.log = new CallLog(functions, ids, parallel ? Integer.MAX_VALUE : 1, content);
        this.state = trigger.start();
        if (functions.isEmpty()) {
            phase = Phase.VERBATIM;
        }
    }

    /**
     * For output that a grammar makes calls and nothing else. What is cut before its first call has
     * begun is no content then, but a piece of a call that nobody can use: it is dropped.
     *
     * @param functions the functions that can be called, at least one
     * @param parallel as for the constructor
     */
    public static OutputParser ofCallsOnly(
            List<DeclaredFunction> functions, boolean parallel, CallIds ids) {
        return new OutputParser(functions, parallel, true, true, ids);
    }

    /** Reads more text. */
    public List<OutputEvent> accept(String piece) {
        raw.append(piece);
        read();
        log.endPiece();
        return release();
    }

    private void read() {
        while (at < raw.length() || tagsRead < tags.size()) {
            if (tagsRead < tags.size() && tags.get(tagsRead) <= at) {
                state = trigger.afterPythonTag(state);
                tagsRead++;
            } else {
                step(raw.charAt(at++));
            }
        }
    }

    /** Reads a control token that opens or closes Python code. */
    public List<OutputEvent> acceptPythonTag() {
        if (phase == Phase.BARE_NAME || phase == Phase.FENCE_HEAD) {
            notWhole();
        }
        tags.add(raw.length());
        read();
        return release();
    }

    /** Ends the output. Nothing comes after it. */
    public List<OutputEvent> end(OutputEnd end) {
        if (onlyCalls && end == OutputEnd.CUT && log.callsBegun() == 0) {
            ended = true;
            return log.releaseAll();
        }
        while (!ended(end)) {
            read();
        }
        if (log.callsBegun() == 0) {
            content.keepSpaces();
        }
        log.endOutput();
        return log.releaseAll();
    }

    /** All that has been read, as far as it is certain; after the end, the whole. */
    public ParsedMessage message() {
        if (failed && guarded && phase == Phase.VERBATIM) {
            return new ParsedMessage(raw.toString(), List.of(), true);
        }
        Start first = firstCall;
        if (first != null && isHolding()) {
            return message(
                    content.toString(0, first.content.length()), log.calls(first.log.calls()));
        }
        return message(content.toString(), log.calls(Integer.MAX_VALUE));
    }

    private ParsedMessage message(String text, List<Message.ToolCall> calls) {
        return new ParsedMessage(text.isEmpty() && !calls.isEmpty() ? null : text, calls, failed);
    }

    /** Characters whose outcome is certain: passed on, dropped, or part of a call. */
    public long settled() {
        Start first = firstCall;
        if (ended) {
            return at;
        }
        if (first != null && isHolding()) {
            return first.from;
        }
        return switch (phase) {
            case OPENING, FENCE_HEAD, BARE_NAME, BARE_NEXT, FENCE_CLOSE -> 0;
            case TEXT -> (held < 0 ? at : held) - (long) content.heldSpaces();
            case CALL, VERBATIM -> at;
        };
    }

    private boolean isHolding() {
        return !ended && (!guarded || whole);
    }

    private List<OutputEvent> release() {
        Start first = firstCall;
        return first != null && isHolding() ? log.releaseTo(first.log.events()) : log.releaseAll();
    }

    private void step(char c) {
        switch (phase) {
            case OPENING -> opening(c);
            case FENCE_HEAD -> fenceHead(c);
            case BARE_NEXT -> bareNext(c);
            case BARE_NAME -> bareName(c);
            case FENCE_CLOSE -> fenceClose(c);
            case TEXT -> text(c);
            case CALL -> call(c);
            case VERBATIM -> content.appendVerbatim(raw, at - 1, at);
        }
    }

    private void opening(char c) {
        if (Characters.isSpace(c)) {
            return;
        }
        whole = true;
        if (c == '`') {
            ticks = 1;
            phase = Phase.FENCE_HEAD;
        } else {
            phase = Phase.BARE_NEXT;
            bareNext(c);
        }
    }

    /** The opening line of a fence: three or more backticks, perhaps a language. */
    private void fenceHead(char c) {
        if (node == 0 && c == '`') {
            ticks++;
        } else if (ticks < 3) {
            notWhole();
        } else if (Characters.isSpace(c)) {
            fenced = true;
            phase = Phase.BARE_NEXT;
        } else if (node == 0 && (c == '[' || c == '{' || c == '<')) {
            fenced = true;
            phase = Phase.BARE_NEXT;
            at--;
        } else if ((!Characters.isNamePart(c) && c != '+') || ++node > LONGEST_FENCE_LANGUAGE) {
            notWhole();
        }
    }

    private void bareNext(char c) {
        int child = trigger.names().child(NameTrie.ROOT, c);
        boolean between = log.callsBegun() > 0;
        if (Characters.isSpace(c) || (between && (c == ';' || c == ','))) {
            return;
        }
        if (child != NameTrie.NONE) {
            node = child;
            callFrom = at - 1;
            phase = Phase.BARE_NAME;
        } else if (fenced && c == '`' && between) {
            ticks = 1;
            phase = Phase.FENCE_CLOSE;
        } else if (fenced && !between) {
            phase = Phase.TEXT;
            text(c);
        } else {
            notWhole();
        }
    }

    private void bareName(char c) {
        int child = trigger.names().child(node, c);
        if (child != NameTrie.NONE) {
            node = child;
        } else if (trigger.names().name(node) == NameTrie.NONE) {
            notWhole();
        } else if (c == '(') {
            openCall(callFrom, new PythonCallReader(functions, trigger.names(), log, true));
        } else if (!Characters.isSpace(c)) {
            notWhole();
        }
    }

    private void fenceClose(char c) {
        if (ticks < 3 ? c == '`' : Characters.isSpace(c) || c == '`') {
            ticks++;
        } else {
            notWhole();
        }
    }

    /** It is not a fence or bare calls and nothing else: reads it again as text. */
    private void notWhole() {
        Start first = firstCall;
        if (first != null) {
            content.reset(first.content);
            log.reset(first.log);
        }
        whole = false;
        fenced = false;
        firstCall = null;
        lastCall = null;
        call = null;
        held = -1;
        state = trigger.start();
        at = 0;
        tagsRead = 0;
        phase = Phase.TEXT;
    }

    private void text(char c) {
        if (whole && fenced) {
            boolean closes = c == '`' && trigger.betweenCalls(state);
            if (closes) {
                ticks = 1;
                phase = Phase.FENCE_CLOSE;
                return;
            }
        }
        int before = state;
        state = trigger.next(before, Math.min(c, 0x80));
        if (trigger.closes(before, state)) {
            held = -1;
            callEnd = at;
        } else if (trigger.committed(state) || trigger.undecided(state)) {
            beginCall();
        } else if (trigger.pending(state)) {
            held = held < 0 ? at - 1 : held;
        } else if (whole) {
            if (!Characters.isSpace(c) || held >= 0 || firstCall != null) {
                notWhole();
            }
        } else if (held >= 0) {
            content.append(raw, held, at);
            held = -1;
        } else {
            content.append(c);
        }
    }

    /** A call has been committed to, or may be one: reads it from its first character. */
    private void beginCall() {
        if (trigger.undecided(state) && guarded) {
            // No grammar holds what follows, so calls from here on wait for the end.
            guarded = false;
            firstCall = null;
        }
        int from = held < 0 ? at - 1 : held;
        while (Characters.isSpace(raw.charAt(from)) || isSeparator(raw.charAt(from))) {
            from++;
        }
        NameTrie names = trigger.names();
        CallReader reader =
                switch (raw.charAt(from)) {
                    case '{' -> new JsonCallReader(names, log, false);
                    case '[' -> {
                        int next = from + 1;
                        while (Characters.isSpace(raw.charAt(next))) {
                            next++;
                        }
                        yield raw.charAt(next) == '{'
                                ? new JsonCallReader(names, log, true)
                                : new PythonCallReader(functions, names, log, false);
                    }
                    default -> new TagCallReader(names, log);
                };
        openCall(from, reader);
    }

    private static boolean isSeparator(char c) {
        return c == ';' || c == ',';
    }

    private void openCall(int from, CallReader reader) {
        int textFrom = held < 0 ? from : held;
        failed = false; // it can only have been a fence, which was not all of the output
        held = -1;
        callFrom = from;
        CallLog.Mark before = log.mark();
        lastCall = new Start(textFrom, content.mark(), before);
        if (firstCall == null) {
            firstCall = lastCall;
        }
        log.flow(guarded && !whole);
        call = reader;
        phase = Phase.CALL;
        at = from;
    }

    private void call(char c) {
        CallReader reader = call;
        if (reader == null) {
            throw new IllegalStateException("no call is being read");
        }
        switch (reader.accept(c)) {
            case MORE -> {}
            case DONE -> endCall();
            case DONE_BEFORE -> {
                at--;
                endCall();
            }
            case NO_CALL -> noCall();
            case MALFORMED -> malformed();
        }
    }

    private void endCall() {
        boolean bare = call instanceof PythonCallReader python && python.isBare();
        call = null;
        callEnd = at;
        state = trigger.afterCall();
        phase = bare ? Phase.BARE_NEXT : Phase.TEXT;
    }

    /** What looked like a call is text, up to here. */
    private void noCall() {
        Start start = lastCall;
        if (start == null || whole) {
            notWhole();
            return;
        }
        if (log.callsBegun() > start.log.begun() && guarded) {
            malformed();
            return;
        }
        content.reset(start.content);
        log.reset(start.log);
        if (firstCall == start) {
            firstCall = null;
        }
        lastCall = null;
        call = null;
        content.append(raw, start.from, at);
        state = trigger.next(trigger.afterText(), Math.min(raw.charAt(at - 1), 0x80));
        phase = Phase.TEXT;
    }

    /** All of the output is content. */
    private void malformed() {
        if (whole) {
            failed |= fenced;
            notWhole();
            return;
        }
        failed = true;
        call = null;
        phase = Phase.VERBATIM;
        Start start = guarded ? lastCall : firstCall;
        if (start != null) {
            if (!guarded) {
                content.reset(start.content);
                log.reset(start.log);
                firstCall = null;
            }
            content.appendVerbatim(raw, start.from, at);
        }
    }

    /** Ends what is open; false if there is text to be read again first. */
    private boolean ended(OutputEnd end) {
        switch (phase) {
            case CALL -> {
                CallReader reader = call;
                Progress progress = reader == null ? Progress.DONE : reader.end(end);
                switch (progress) {
                    case NO_CALL -> noCall();
                    case MALFORMED -> malformed();
                    default -> {
                        call = null;
                        phase = Phase.TEXT;
                        state = trigger.afterCall();
                    }
                }
                return at == raw.length() && ended(end);
            }
            case FENCE_HEAD, BARE_NAME, BARE_NEXT -> {
                boolean stands =
                        log.callsBegun() > 0 && (phase == Phase.BARE_NEXT || end == OutputEnd.CUT);
                if (!stands) {
                    notWhole();
                    return at == raw.length() && ended(end);
                }
            }
            case TEXT -> {
                if (whole && firstCall == null) {
                    notWhole();
                    return at == raw.length() && ended(end);
                }
                boolean dropped =
                        trigger.betweenCalls(state) || (end == OutputEnd.CUT && held == callEnd);
                if (held >= 0 && !dropped) {
                    content.append(raw, held, raw.length());
                }
                held = -1;
            }
            case OPENING -> content.append(raw, 0, raw.length());
            case FENCE_CLOSE, VERBATIM -> {}
        }
        ended = true;
        return true;
    }
}

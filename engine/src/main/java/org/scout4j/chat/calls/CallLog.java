package org.scout4j.chat.calls;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Message;

/** The calls of one answer and the events of all that happened, in order. */
final class CallLog implements CallSink {
    private final List<DeclaredFunction> functions;
    private final CallIds ids;
    private final int most;
    private final ContentText content;

    private final List<OutputEvent> events = new ArrayList<>();
    private int released;
    private final List<Call> calls = new ArrayList<>();
    private @Nullable ArgumentsText open;

    /** Calls begun, those that are left out too. */
    private int begun;

    /** Whether arguments become events as they come, not when they are complete. */
    private boolean flowing;

    /** A call as far as it has become certain. */
    private record Call(String id, String name, StringBuilder arguments) {}

    CallLog(List<DeclaredFunction> functions, CallIds ids, int most, ContentText content) {
        this.functions = functions;
        this.ids = ids;
        this.most = most;
        this.content = content;
    }

    void flow(boolean asItComes) {
        flowing = asItComes;
    }

    @Override
    public void begin(int function, ArgumentsText arguments) {
        text();
        begun++;
        if (calls.size() == most) {
            return;
        }
        open = arguments;
        Call call = new Call(ids.next(), functions.get(function).name(), new StringBuilder());
        events.add(new OutputEvent.CallStarted(calls.size(), call.id, call.name));
        calls.add(call);
        if (flowing) {
            arguments();
        }
    }

    @Override
    public void complete() {
        ArgumentsText text = open;
        if (text != null) {
            if (!flowing) {
                text.dropRepeatedMembers();
            }
            arguments();
            open = null;
        }
    }

    /** Makes an event of content that has come since the last. */
    private void text() {
        String piece = content.take();
        if (!piece.isEmpty()) {
            events.add(new OutputEvent.Text(piece));
        }
    }

    private void arguments() {
        String piece = open == null ? "" : open.take();
        if (!piece.isEmpty()) {
            calls.getLast().arguments.append(piece);
            events.add(new OutputEvent.CallArguments(calls.size() - 1, piece));
        }
    }

    /** A piece of output has been read: what came with it becomes events. */
    void endPiece() {
        if (flowing) {
            arguments();
        }
        text();
    }

    /** The output is over: so does what a call was cut in. */
    void endOutput() {
        arguments();
        String piece = content.takeAll();
        if (!piece.isEmpty()) {
            events.add(new OutputEvent.Text(piece));
        }
    }

    int callsBegun() {
        return begun;
    }

    /** What has happened so far, to come back to; text that has come is made an event first. */
    Mark mark() {
        text();
        return new Mark(events.size(), calls.size(), begun);
    }

    record Mark(int events, int calls, int begun) {}

    /** Forgets what happened since, none of which has been released. */
    void reset(Mark mark) {
        events.subList(mark.events, events.size()).clear();
        calls.subList(mark.calls, calls.size()).clear();
        begun = mark.begun;
        open = null;
    }

    /** The events that have not been released, those up to a mark. */
    List<OutputEvent> releaseTo(int end) {
        List<OutputEvent> fresh = List.copyOf(events.subList(released, Math.max(released, end)));
        released = Math.max(released, end);
        return fresh;
    }

    List<OutputEvent> releaseAll() {
        return releaseTo(events.size());
    }

    /** The calls as far as they are certain. */
    List<Message.ToolCall> calls(int count) {
        return calls.subList(0, Math.min(count, calls.size())).stream()
                .map(call -> new Message.ToolCall(call.id, call.name, call.arguments.toString()))
                .toList();
    }
}

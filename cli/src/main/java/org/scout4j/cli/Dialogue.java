package org.scout4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.Message;

/** The conversation of an interactive chat: a system text and whole turns. */
final class Dialogue {
    private @Nullable String system;
    private final List<Turn> turns = new ArrayList<>();

    Dialogue(@Nullable String system) {
        this.system = system;
    }

    /**
     * A question and what came of it.
     *
     * @param reply the answer; before it, calls of tools and their results
     */
    record Turn(Question question, List<Message> reply) {
        Turn {
            reply = List.copyOf(reply);
        }
    }

    /**
     * The messages so far, and a question.
     *
     * @param begun what has come of it already
     */
    List<Message> asking(Question question, List<Message> begun) {
        List<Message> messages = messages();
        messages.add(question.message());
        messages.addAll(begun);
        return messages;
    }

    List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(Message.system(system));
        }
        for (Turn turn : turns) {
            messages.add(turn.question().message());
            messages.addAll(turn.reply());
        }
        return messages;
    }

    void add(Question question, List<Message> reply) {
        turns.add(new Turn(question, reply));
    }

    /** Takes the last turn back; null when there is none. */
    @Nullable Turn undo() {
        return turns.isEmpty() ? null : turns.removeLast();
    }

    /** Forgets all turns; the system text stays. */
    void clear() {
        turns.clear();
    }

    List<Turn> turns() {
        return List.copyOf(turns);
    }

    @Nullable String system() {
        return system;
    }

    /** Changes the system text; empty removes it. */
    void setSystem(String text) {
        system = text.isEmpty() ? null : text;
    }
}

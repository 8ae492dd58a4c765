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

    /** A question and what came as its answer. */
    record Turn(String question, String answer) {}

    /** The messages so far, and a question. */
    List<Message> asking(String question) {
        List<Message> messages = messages();
        messages.add(Message.user(question));
        return messages;
    }

    List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(Message.system(system));
        }
        for (Turn turn : turns) {
            messages.add(Message.user(turn.question()));
            messages.add(Message.assistant(turn.answer()));
        }
        return messages;
    }

    void add(String question, String answer) {
        turns.add(new Turn(question, answer));
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

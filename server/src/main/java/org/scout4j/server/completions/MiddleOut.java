package org.scout4j.server.completions;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.Scout;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.Message;

/**
 * Makes a conversation fit the context by leaving messages out of its middle: the first and the
 * last matter most. Which number to leave out is found by halving, so that even a long conversation
 * is rendered a dozen times at most.
 */
final class MiddleOut {
    private MiddleOut() {}

    /** The conversation with as many messages as fit; too long even then, it is as it was. */
    static Conversation fit(Scout scout, Conversation conversation) {
        if (fits(scout, conversation)) {
            return conversation;
        }
        Conversation best = conversation;
        int kept = 1;
        int tooMany = conversation.messages().size();
        while (kept < tooMany) {
            int middle = (kept + tooMany) >>> 1;
            Conversation reduced = reduced(conversation, middle);
            if (fits(scout, reduced)) {
                best = reduced;
                kept = middle + 1;
            } else {
                tooMany = middle;
            }
        }
        return best;
    }

    private static boolean fits(Scout scout, Conversation conversation) {
        return scout.promptTokens(conversation).length < scout.contextLength();
    }

    /** Without its middle; the last messages get the larger half of what is kept. */
    private static Conversation reduced(Conversation conversation, int kept) {
        List<Message> all = conversation.messages();
        int head = kept / 2;
        List<Message> messages = new ArrayList<>(all.subList(0, head));
        messages.addAll(all.subList(all.size() - (kept - head), all.size()));
        return new Conversation(
                messages,
                conversation.tools(),
                conversation.toolChoice(),
                conversation.addGenerationPrompt(),
                conversation.continueFinalMessage());
    }
}

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

    /** The prompt with as many messages as fit; what is too long even then is left too long. */
    static int[] fit(Scout scout, Conversation conversation) {
        int[] whole = scout.promptTokens(conversation);
        if (whole.length < scout.contextLength()) {
            return whole;
        }
        int[] best = whole;
        int kept = 1;
        int tooMany = conversation.messages().size();
        while (kept < tooMany) {
            int middle = (kept + tooMany) >>> 1;
            int[] prompt = scout.promptTokens(reduced(conversation, middle));
            if (prompt.length < scout.contextLength()) {
                best = prompt;
                kept = middle + 1;
            } else {
                tooMany = middle;
            }
        }
        return best;
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

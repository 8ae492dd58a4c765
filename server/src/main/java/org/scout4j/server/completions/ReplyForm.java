package org.scout4j.server.completions;

import java.util.List;
import java.util.Optional;
import org.scout4j.ChatEvent;
import org.scout4j.sampling.TokenLogprobs;
import tools.jackson.databind.node.ObjectNode;

/** How the choices of a reply are written: as chat messages, or as texts. For one reply. */
interface ReplyForm {

    /** The {@code object} of a whole reply, or of a chunk. */
    String object(boolean chunk);

    /** The choice of a stream's first chunk, sent before anything is computed. */
    Optional<ObjectNode> opening(int index);

    /** Whether the first piece of a choice says something even when there is no text. */
    boolean hasPrologue();

    /**
     * The choice of a chunk that appends text.
     *
     * @param prompt the tokens of the prompt with their log-probabilities, if asked for; only for
     *     the first piece of a choice
     */
    ObjectNode piece(
            int index,
            String text,
            List<ChatEvent.PromptToken> prompt,
            List<TokenLogprobs> logprobs);

    /** The choice of a chunk that begins a call of a tool. */
    ObjectNode call(int index, ChatEvent.ToolCallStarted call);

    /** The choice of a chunk that appends to a call's arguments. */
    ObjectNode arguments(int index, ChatEvent.ToolCallArguments more);

    /** The choice of the chunk that ends a choice. */
    ObjectNode closing(int index, String finishReason);

    /** A whole choice. */
    ObjectNode whole(int index, Answer answer);
}

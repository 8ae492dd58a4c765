package org.scout4j;

import java.util.List;
import org.scout4j.chat.Message;
import org.scout4j.sampling.TokenLogprobs;

/**
 * A whole answer.
 *
 * @param text the answer, calls left out; empty if there is nothing but calls
 * @param toolCalls the calls it makes, in order; the arguments of the last are incomplete JSON if
 *     the answer was cut in it
 * @param toolParseFailed whether a call was malformed, so that all of the answer is text
 * @param logprobs of its tokens, if asked for
 */
public record ChatResult(
        String text,
        List<Message.ToolCall> toolCalls,
        boolean toolParseFailed,
        FinishReason finishReason,
        Usage usage,
        Timings timings,
        List<TokenLogprobs> logprobs) {
    public ChatResult {
        toolCalls = List.copyOf(toolCalls);
        logprobs = List.copyOf(logprobs);
    }

    /** The answer as the message that the conversation goes on with. */
    public Message message() {
        List<Message.Part> parts =
                text.isEmpty() && !toolCalls.isEmpty()
                        ? List.of()
                        : List.of(new Message.Part.Text(text));
        return new Message(Message.Role.ASSISTANT, parts, toolCalls, null);
    }
}

package org.scout4j;

import java.util.List;
import org.scout4j.chat.Message;
import org.scout4j.error.AnswerUnusable;
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

    /**
     * The answer as a record, for a request whose format is {@code JsonSchema.of(type)}.
     *
     * {@snippet :
     * record City(String name, int population) {}
     * ChatRequest request = ChatRequest.builder()
     *         .user("Which city is the largest of Norway?")
     *         .responseFormat(JsonSchema.of(City.class))
     *         .build();
     * City city = scout.chat(request).as(City.class);
     * }
     *
     * @throws AnswerUnusable if the answer was cut, also where its schema made it end early; or if
     *     it calls tools, or is no such record
     * @throws org.scout4j.error.InvalidRequest if a component has a type that has no schema
     */
    public <T extends Record> T as(Class<T> type) {
        return switch (finishReason) {
            case LENGTH ->
                    throw new AnswerUnusable(
                            "The answer was cut after "
                                    + usage.completionTokens()
                                    + " tokens: it may lack what was still to come.",
                            "Allow more tokens, or read what there is: text().");
            case TOOL_CALLS ->
                    throw new AnswerUnusable(
                            "The answer calls tools instead of being a "
                                    + type.getSimpleName()
                                    + ".",
                            "Answer the calls and ask again, or give chat() a ToolBox.");
            case STOP -> RecordReader.read(text, type);
        };
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

package org.scout4j;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.error.InvalidRequest;

/**
 * A conversation to be answered.
 *
 * @param conversation messages in order, at least one
 * @param options how the answer is made
 */
public record ChatRequest(Conversation conversation, AnswerOptions options) {

    public static Builder builder() {
        return new Builder();
    }

    /** Collects a request. */
    public static final class Builder {
        private final List<Message> messages = new ArrayList<>();
        private final List<Tool> tools = new ArrayList<>();
        private ToolChoice toolChoice = ToolChoice.AUTO;
        private final AnswerOptions.Builder options = AnswerOptions.builder();

        private Builder() {}

        public Builder system(String text) {
            return message(Message.system(text));
        }

        public Builder user(String text) {
            return message(Message.user(text));
        }

        /**
         * A user's message of several parts, e.g. {@code user(u ->
         * u.image(Path.of("label.png")).text("What does the label say?"))}.
         *
         * @throws InvalidRequest if it is empty, or an image's file cannot be read
         */
        public Builder user(Consumer<UserMessage> content) {
            return message(UserMessage.of(content));
        }

        public Builder assistant(String text) {
            return message(Message.assistant(text));
        }

        public Builder message(Message message) {
            messages.add(message);
            return this;
        }

        public Builder messages(List<Message> more) {
            messages.addAll(more);
            return this;
        }

        public Builder temperature(float temperature) {
            options.sampling(sampling -> sampling.temperature(temperature));
            return this;
        }

        public Builder seed(long seed) {
            options.sampling(sampling -> sampling.seed(seed));
            return this;
        }

        public Builder maxTokens(int most) {
            options.maxTokens(most);
            return this;
        }

        public Builder stop(String text) {
            options.stop(text);
            return this;
        }

        /** Holds the answer to a form, e.g. {@code JsonSchema.of(City.class)}. */
        public Builder responseFormat(ResponseFormat format) {
            options.format(format);
            return this;
        }

        /** Tools that the answer may call; {@link ToolBox} makes and answers them. */
        public Builder tools(List<Tool> more) {
            tools.addAll(more);
            return this;
        }

        /** Whether it may, must or must not call a tool; it may, unless said. */
        public Builder toolChoice(ToolChoice wanted) {
            toolChoice = wanted;
            return this;
        }

        /** Whether it may call several tools at once; it may, unless said. */
        public Builder parallelToolCalls(boolean parallel) {
            options.parallelToolCalls(parallel);
            return this;
        }

        /** Any other option. */
        public Builder options(Consumer<AnswerOptions.Builder> change) {
            change.accept(options);
            return this;
        }

        /**
         * @throws InvalidRequest if there is no message, or no tool that is to be called
         */
        public ChatRequest build() {
            if (messages.isEmpty()) {
                throw new InvalidRequest("messages", "The conversation has no message.");
            }
            Conversation conversation = new Conversation(messages, tools, toolChoice, true, false);
            conversation.requirePossible();
            return new ChatRequest(conversation, options.build());
        }
    }
}

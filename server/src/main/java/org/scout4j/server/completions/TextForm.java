package org.scout4j.server.completions;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.ChatEvent;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.tokenizer.StreamingDecoder;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Choices as texts that may begin with the prompt (spec "API" §4). */
final class TextForm implements ReplyForm {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Tokenizer tokenizer;
    private final boolean logprobs;
    private final List<Echo> echoes;
    private final int choicesOfPrompt;
    private final Map<Integer, Place> places = new HashMap<>();

    /**
     * What a choice repeats of its prompt.
     *
     * @param text the prompt
     * @param hidden tokens at its beginning which are no part of that text
     */
    record Echo(String text, int hidden) {}

    /** How far the text of a choice has come, in characters. */
    private static final class Place {
        private final StreamingDecoder decoder;
        private int offset;

        Place(StreamingDecoder decoder) {
            this.decoder = decoder;
        }
    }

    /**
     * @param echoes one a prompt; empty when prompts are not repeated
     * @param choicesOfPrompt how many neighbouring choices have the same prompt
     */
    TextForm(Tokenizer tokenizer, boolean logprobs, List<Echo> echoes, int choicesOfPrompt) {
        this.tokenizer = tokenizer;
        this.logprobs = logprobs;
        this.echoes = List.copyOf(echoes);
        this.choicesOfPrompt = choicesOfPrompt;
    }

    @Override
    public String object(boolean chunk) {
        return "text_completion";
    }

    @Override
    public Optional<ObjectNode> opening(int index) {
        return Optional.empty();
    }

    @Override
    public boolean hasPrologue() {
        return !echoes.isEmpty();
    }

    @Override
    public ObjectNode piece(
            int index,
            String text,
            List<ChatEvent.PromptToken> prompt,
            List<TokenLogprobs> tokens) {
        boolean first = !places.containsKey(index);
        Echo echo = first && hasPrologue() ? echoes.get(index / choicesOfPrompt) : new Echo("", 0);
        ObjectNode choice = JSON.objectNode().put("index", index).put("text", echo.text() + text);
        choice.putNull("logprobs");
        Place place =
                places.computeIfAbsent(index, i -> new Place(tokenizer.streamingDecoder(true)));
        if (logprobs) {
            Columns columns = new Columns(choice.putObject("logprobs"), place);
            for (int i = 0; i < prompt.size(); i++) {
                columns.add(prompt.get(i).token(), prompt.get(i).logprobs(), i < echo.hidden());
            }
            tokens.forEach(token -> columns.add(token.token(), token, false));
        }
        choice.putNull("finish_reason");
        return choice;
    }

    @Override
    public ObjectNode closing(int index, String finishReason) {
        ObjectNode choice = JSON.objectNode().put("index", index).put("text", "");
        choice.putNull("logprobs");
        return choice.put("finish_reason", finishReason);
    }

    @Override
    public ObjectNode call(int index, ChatEvent.ToolCallStarted call) {
        throw noCalls();
    }

    @Override
    public ObjectNode arguments(int index, ChatEvent.ToolCallArguments more) {
        throw noCalls();
    }

    /** Only conversations have tools. */
    private static IllegalStateException noCalls() {
        return new IllegalStateException("a text that goes on calls no tools");
    }

    @Override
    public ObjectNode whole(int index, Answer answer) {
        return piece(index, answer.text(), answer.prompt(), answer.logprobs())
                .put("finish_reason", answer.finishReason());
    }

    /** The four parallel lists. */
    private final class Columns {
        private final ArrayNode tokens;
        private final ArrayNode logprobs;
        private final ArrayNode top;
        private final ArrayNode offsets;
        private final Place place;

        Columns(ObjectNode object, Place place) {
            this.tokens = object.putArray("tokens");
            this.logprobs = object.putArray("token_logprobs");
            this.top = object.putArray("top_logprobs");
            this.offsets = object.putArray("text_offset");
            this.place = place;
        }

        void add(int token, @Nullable TokenLogprobs value, boolean hidden) {
            tokens.add(text(token));
            offsets.add(place.offset);
            if (!hidden) {
                String shown = place.decoder.accept(token);
                place.offset += shown.codePointCount(0, shown.length());
            }
            if (value == null) {
                logprobs.addNull();
                top.addNull();
                return;
            }
            logprobs.add(Math.max(value.logprob(), ChatForm.LEAST_LOGPROB));
            ObjectNode alternatives = top.addObject();
            for (TokenLogprobs.Alternative other : value.top()) {
                alternatives.put(
                        text(other.token()), Math.max(other.logprob(), ChatForm.LEAST_LOGPROB));
            }
        }

        private String text(int token) {
            return new String(tokenizer.bytes(token), StandardCharsets.UTF_8);
        }
    }
}

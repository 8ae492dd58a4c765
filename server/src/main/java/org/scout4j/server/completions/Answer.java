package org.scout4j.server.completions;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.ChatEvent;
import org.scout4j.FinishReason;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.tokenizer.SpecialTokens;

/** One choice of a reply while it is made. */
public final class Answer {
    private final StringBuilder text = new StringBuilder();
    private final List<ChatEvent.PromptToken> prompt = new ArrayList<>();
    private final List<TokenLogprobs> logprobs = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private boolean begun;
    private ChatEvent.@Nullable Finished end;

    /** A call of a tool, its arguments as far as they have come. */
    public record Call(String id, String name, StringBuilder arguments) {}

    void add(ChatEvent.PromptToken token) {
        prompt.add(token);
    }

    void add(String more, List<TokenLogprobs> moreLogprobs) {
        text.append(more);
        logprobs.addAll(moreLogprobs);
    }

    void add(ChatEvent.ToolCallStarted call) {
        calls.add(new Call(call.id(), call.name(), new StringBuilder()));
    }

    void add(ChatEvent.ToolCallArguments more) {
        calls.get(more.index()).arguments().append(more.piece());
    }

    /** Its calls of tools, as far as they have come. */
    public List<Call> calls() {
        return calls;
    }

    void end(ChatEvent.Finished finished) {
        end = finished;
    }

    /** Its text, as far as it has come. */
    public String text() {
        return text.toString();
    }

    List<TokenLogprobs> logprobs() {
        return logprobs;
    }

    List<ChatEvent.PromptToken> prompt() {
        return prompt;
    }

    /** Whether this is the first piece of it that is sent. */
    boolean begins() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    /**
     * How it ended.
     *
     * @throws IllegalStateException if it has not
     */
    public ChatEvent.Finished end() {
        if (end == null) {
            throw new IllegalStateException("the answer has not ended");
        }
        return end;
    }

    /** Whether it has ended. */
    public boolean ended() {
        return end != null;
    }

    /** The mean log-probability of its tokens: what compares answers of different length. */
    double meanLogprob() {
        return logprobs.stream()
                .mapToDouble(TokenLogprobs::logprob)
                .average()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    /** OpenAI's name of why it ended. */
    public String finishReason() {
        return switch (end().reason()) {
            case STOP -> "stop";
            case TOOL_CALLS -> "tool_calls";
            case LENGTH -> "length";
        };
    }

    /** What exactly ended it (spec "API" §1): the stop token's bare name, or what else did. */
    String nativeReason(SpecialTokens specials) {
        if (end().reason() != FinishReason.STOP) {
            return finishReason();
        }
        if (end().stopString() != null || end().stopToken().isEmpty()) {
            return "stop_string";
        }
        String name = specials.name(end().stopToken().getAsInt()).orElse("stop_token");
        return name.startsWith("<|") && name.endsWith("|>")
                ? name.substring(2, name.length() - 2)
                : name;
    }
}

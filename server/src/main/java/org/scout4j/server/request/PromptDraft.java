package org.scout4j.server.request;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.CompletionRequest;

/** Collects a request for text completions while it is read. */
public final class PromptDraft {
    /** A prompt as the client gave it. */
    public sealed interface Given {
        record Text(String text) implements Given {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Ids(int[] ids) implements Given {}
    }

    private final AnswerDraft answer;
    private List<Given> prompts = List.of();
    private boolean addSpecials = true;
    private boolean parseSpecials = true;
    private boolean echo;
    private int bestOf;

    public PromptDraft(AnswerDraft answer) {
        this.answer = answer;
    }

    public AnswerDraft answer() {
        return answer;
    }

    void prompts(List<Given> given) {
        prompts = List.copyOf(given);
    }

    void addSpecials(boolean add) {
        addSpecials = add;
    }

    void parseSpecials(boolean parse) {
        parseSpecials = parse;
    }

    void echo(boolean wanted) {
        echo = wanted;
    }

    void bestOf(int count) {
        bestOf = count;
    }

    public boolean echo() {
        return echo;
    }

    /**
     * How many answers to make of each prompt; at least {@code n}.
     *
     * @throws org.scout4j.server.ProblemException if fewer were asked for than are to be returned,
     *     or they cannot be compared because they are streamed
     */
    public int bestOf() {
        if (bestOf == 0) {
            return answer.choices();
        }
        if (bestOf < answer.choices()) {
            throw AnswerFields.contradiction(
                    "best_of",
                    "'best_of' must be at least 'n', which is " + answer.choices() + ".");
        }
        if (bestOf > answer.choices() && answer.streams()) {
            throw AnswerFields.contradiction(
                    "best_of",
                    "'best_of' above 'n' cannot be streamed: answers are compared"
                            + " when all are complete.");
        }
        return bestOf;
    }

    /** The prompts as the client gave them, at least one. */
    public List<Given> given() {
        if (prompts.isEmpty()) {
            throw JsonValue.missing("prompt");
        }
        return prompts;
    }

    /** The prompts as the engine takes them. */
    public List<CompletionRequest.Prompt> prompts() {
        List<CompletionRequest.Prompt> made = new ArrayList<>();
        for (Given prompt : given()) {
            made.add(
                    switch (prompt) {
                        case Given.Text(String text) ->
                                new CompletionRequest.Text(text, parseSpecials, addSpecials);
                        case Given.Ids(int[] ids) -> new CompletionRequest.Tokens(ids, addSpecials);
                    });
        }
        return made;
    }
}

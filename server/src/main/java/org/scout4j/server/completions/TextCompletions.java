package org.scout4j.server.completions;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.scout4j.AnswerOptions;
import org.scout4j.CompletionRequest;
import org.scout4j.Scout;
import org.scout4j.server.Exchange;
import org.scout4j.server.ServedModel;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.request.AnswerDraft;
import org.scout4j.server.request.AnswerPlan;
import org.scout4j.server.request.FieldTable;
import org.scout4j.server.request.PromptDraft;
import org.scout4j.server.request.PromptFields;
import org.scout4j.tokenizer.StreamingDecoder;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.databind.node.ObjectNode;

/** Continues texts (spec "API" §4). */
public final class TextCompletions {
    private static final int MOST_CHOICES = 8;
    private static final int DEFAULT_MAX_TOKENS = 16;

    private final Flavour flavour;
    private final ServedModel model;
    private final ServerOptions options;
    private final Endpoint endpoint;
    private final FieldTable<PromptDraft> fields;

    public TextCompletions(Flavour flavour, ServedModel model, ServerOptions options) {
        this.flavour = flavour;
        this.model = model;
        this.options = options;
        this.endpoint = new Endpoint(flavour, options);
        this.fields =
                PromptFields.table(flavour.ranges(), Math.min(MOST_CHOICES, flavour.mostChoices()));
    }

    /** Handles one request. */
    public void handle(Exchange exchange) {
        Scout scout = model.scout();
        ObjectNode body = exchange.body();
        String name = flavour.model(body);
        PromptDraft draft =
                new PromptDraft(
                        new AnswerDraft(
                                scout.tokenizer().vocabularySize(),
                                flavour.ranges(),
                                OptionalInt.of(DEFAULT_MAX_TOKENS)));
        List<String> unknown = fields.read(body, draft, options.strictFields());
        AnswerPlan asked = draft.answer().plan(flavour.usageAlways());
        int perPrompt = draft.bestOf();
        boolean logprobs = asked.options().topLogprobs().isPresent();
        AnswerPlan plan = perPrompt > asked.choices() ? comparable(asked) : asked;
        List<int[]> prompts = new ArrayList<>();
        for (CompletionRequest.Prompt prompt : draft.prompts()) {
            prompts.add(scout.promptTokens(prompt));
        }
        List<TextForm.Echo> echoes =
                draft.echo() ? echoes(scout.tokenizer(), draft.given(), prompts) : List.of();
        Endpoint.tellIgnored(exchange, unknown);
        endpoint.serve(
                exchange,
                scout,
                new Endpoint.Task(
                        submissions(scout, prompts, plan.options(), draft.echo() && logprobs),
                        plan,
                        perPrompt,
                        "prompt",
                        0),
                new TextForm(scout.tokenizer(), logprobs, echoes, plan.choices()),
                name,
                false);
    }

    private static List<Endpoint.Submission> submissions(
            Scout scout, List<int[]> prompts, AnswerOptions options, boolean promptLogprobs) {
        List<Endpoint.Submission> submissions = new ArrayList<>();
        for (int[] prompt : prompts) {
            CompletionRequest request =
                    new CompletionRequest(
                            new CompletionRequest.Tokens(prompt, false), promptLogprobs, options);
            submissions.add((choices, dispatch) -> scout.streams(request, choices, dispatch));
        }
        return submissions;
    }

    /** The same, with the log-probabilities that answers are compared by. */
    private static AnswerPlan comparable(AnswerPlan plan) {
        AnswerOptions options = plan.options();
        return plan.withOptions(options.withTopLogprobs(options.topLogprobs().orElse(0)));
    }

    private static List<TextForm.Echo> echoes(
            Tokenizer tokenizer, List<PromptDraft.Given> given, List<int[]> prompts) {
        List<TextForm.Echo> echoes = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            echoes.add(
                    switch (given.get(i)) {
                        case PromptDraft.Given.Text(String text) ->
                                new TextForm.Echo(text, added(tokenizer, text, prompts.get(i)));
                        case PromptDraft.Given.Ids(int[] ids) ->
                                new TextForm.Echo(
                                        text(tokenizer, ids), prompts.get(i).length - ids.length);
                    });
        }
        return echoes;
    }

    /** Whether the prompt begins with a control token that its text does not spell. */
    private static int added(Tokenizer tokenizer, String text, int[] prompt) {
        return prompt.length > 0
                        && tokenizer
                                .special()
                                .name(prompt[0])
                                .filter(name -> !text.startsWith(name))
                                .isPresent()
                ? 1
                : 0;
    }

    private static String text(Tokenizer tokenizer, int[] ids) {
        StreamingDecoder decoder = tokenizer.streamingDecoder(true);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.accept(id));
        }
        return text.append(decoder.flush()).toString();
    }
}

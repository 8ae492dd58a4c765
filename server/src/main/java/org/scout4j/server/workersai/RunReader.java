package org.scout4j.server.workersai;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.scout4j.ChatRequest;
import org.scout4j.CompletionRequest;
import org.scout4j.JsonSchema;
import org.scout4j.ResponseFormat;
import org.scout4j.Scout;
import org.scout4j.server.Problem;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.completions.Endpoint;
import org.scout4j.server.images.RemoteImages;
import org.scout4j.server.request.AnswerDraft;
import org.scout4j.server.request.AnswerPlan;
import org.scout4j.server.request.ChatDraft;
import org.scout4j.server.request.ChatFields;
import org.scout4j.server.request.FieldTable;
import org.scout4j.server.request.JsonValue;
import org.scout4j.server.request.SamplingRanges;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads requests to run the model (spec "API" §5). */
final class RunReader {
    private static final int DEFAULT_MAX_TOKENS = 256;
    private static final int MOST_FUNCTIONS = 1_024;
    private static final int MOST_REQUESTS = 1_000;
    private static final int LONGEST_REFERENCE = 256;
    private static final List<String> FORMS = List.of("prompt", "messages");
    private static final String FUNCTIONS_IGNORED =
            "The field 'functions' is deprecated and was ignored; send 'tools' instead.";

    private final boolean strict;
    private final RemoteImages images;
    private final FieldTable<RunDraft> fields = new FieldTable<>();
    private final FieldTable<RunDraft> batched = new FieldTable<>();

    /**
     * @param images makes those of each request; this service's clients send them with it
     */
    RunReader(ServerOptions options, RemoteImages images) {
        this.strict = options.strictFields();
        this.images = images;
        FieldTable<ChatDraft> chat = ChatFields.table(SamplingRanges.WORKERS_AI, 1);
        ChatFields.bareSchemas(chat);
        fields.under(RunDraft::chat, chat);
        fields.field("prompt", (draft, value) -> draft.prompt(prompt(value)));
        fields.field("raw", (draft, value) -> draft.raw(value.flag()));
        fields.field(
                "image",
                (draft, value) -> draft.image(RunImage.read(value, options.images().bytes())));
        fields.field("functions", RunReader::functions);
        fields.field("logprobs", (draft, value) -> refuseLogprobs(value));
        fields.refused("has no place in this reply; /ai/v1/chat/completions has", "top_logprobs");
        fields.field(
                "lora",
                (draft, value) -> {
                    throw RunProblems.lora();
                });
        batched.under(draft -> draft, fields);
        batched.field("external_reference", (draft, value) -> draft.reference(reference(value)));
        batched.field("stream", (draft, value) -> refuseStream(value));
    }

    private static String prompt(JsonValue value) {
        if (value.string().isEmpty()) {
            throw value.invalid("must have at least one character");
        }
        return value.string();
    }

    private static void functions(RunDraft draft, JsonValue value) {
        for (JsonValue function : value.items(0, MOST_FUNCTIONS)) {
            function.required("name").string();
            function.required("code").string();
            draft.functions();
        }
    }

    private static void refuseLogprobs(JsonValue value) {
        if (value.flag()) {
            throw value.unsupported("has no place in this reply; /ai/v1/chat/completions has");
        }
    }

    private static String reference(JsonValue value) {
        if (value.string().length() > LONGEST_REFERENCE) {
            throw value.invalid("must have at most " + LONGEST_REFERENCE + " characters");
        }
        return value.string();
    }

    private static void refuseStream(JsonValue value) {
        if (value.flag()) {
            throw value.unsupported("must be false inside a batch");
        }
    }

    /** Reads one that stands alone; it has a prompt or messages. */
    RunRequest one(Scout scout, ObjectNode body) {
        return read(scout, body, fields);
    }

    /**
     * Reads the requests of a batch.
     *
     * @throws ProblemException for the first fault in the first that has one
     */
    List<RunRequest> batch(Scout scout, ObjectNode body) {
        List<RunRequest> requests = new ArrayList<>();
        for (JsonValue item :
                new JsonValue("requests", body.get("requests")).items(1, MOST_REQUESTS)) {
            try {
                requests.add(inside(scout, item));
            } catch (RuntimeException failure) {
                Problem problem = Problems.of(failure);
                throw problem.status() == 500 ? failure : RunProblems.within(item.param(), problem);
            }
        }
        return requests;
    }

    private RunRequest inside(Scout scout, JsonValue item) {
        if (!(item.node() instanceof ObjectNode body)) {
            throw item.invalid("must be an object");
        }
        requireOne(body, FORMS);
        return read(scout, body, batched);
    }

    /**
     * The one field of some that a body has.
     *
     * @throws ProblemException if it has none or several
     */
    static String requireOne(ObjectNode body, List<String> forms) {
        List<String> given = forms.stream().filter(body::hasNonNull).toList();
        if (given.size() != 1) {
            throw RunProblems.invalid(
                    null,
                    "Exactly one of "
                            + String.join(", ", forms)
                            + " is needed; this request has "
                            + (given.isEmpty() ? "none" : String.join(" and ", given))
                            + ".");
        }
        return given.getFirst();
    }

    private RunRequest read(Scout scout, ObjectNode body, FieldTable<RunDraft> table) {
        RunMessages.straighten(body.get("messages"));
        if (body.get("tools") instanceof JsonNode tools && tools.isArray() && tools.isEmpty()) {
            body.remove("tools");
        }
        AnswerDraft answer =
                new AnswerDraft(
                        scout.tokenizer().vocabularySize(),
                        SamplingRanges.WORKERS_AI,
                        OptionalInt.of(DEFAULT_MAX_TOKENS));
        RunDraft draft = new RunDraft(new ChatDraft(answer, images.ofRequest()));
        List<String> unknown = table.read(body, draft, strict);
        AnswerPlan plan = answer.plan(true);
        Optional<String> raw = draft.rawPrompt();
        if (raw.isPresent() && body.hasNonNull("tools")) {
            throw RunProblems.invalid("tools", "'tools' cannot stand beside a raw prompt.");
        }
        Endpoint.Submission submission =
                raw.isPresent() ? goesOn(scout, raw.get(), plan) : answers(scout, draft, plan);
        ResponseFormat format = plan.options().format();
        return new RunRequest(
                new Endpoint.Task(
                        List.of(submission),
                        plan,
                        1,
                        body.hasNonNull("prompt") ? "prompt" : "messages",
                        draft.images()),
                format instanceof ResponseFormat.JsonObject || format instanceof JsonSchema,
                unknown,
                draft.hasFunctions() ? List.of(FUNCTIONS_IGNORED) : List.of(),
                draft.reference());
    }

    private static Endpoint.Submission answers(Scout scout, RunDraft draft, AnswerPlan plan) {
        ChatRequest request = new ChatRequest(draft.conversation(), plan.options());
        return (choices, dispatch) -> scout.streams(request, choices, dispatch);
    }

    private static Endpoint.Submission goesOn(Scout scout, String prompt, AnswerPlan plan) {
        CompletionRequest request =
                new CompletionRequest(
                        new CompletionRequest.Text(prompt, true, true), false, plan.options());
        return (choices, dispatch) -> scout.streams(request, choices, dispatch);
    }
}

package org.scout4j;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.scout4j.chat.ChatFormat;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Tool;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.Checkpoints;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.ModelSummary;
import org.scout4j.engine.Dispatch;
import org.scout4j.engine.EngineStatus;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.Tokenizer;

/**
 * A loaded model that answers. Thread-safe: requests of many threads are computed together, and
 * each gets the same tokens as if it were alone.
 *
 * {@snippet :
 * try (Scout scout = Scout.load(Path.of("models/scout-nano"), LoadOptions.defaults())) {
 *     ChatRequest question = ChatRequest.builder().user("What is the capital of Norway?").build();
 *     System.out.println(scout.chat(question).text());
 * }
 * }
 */
public final class Scout implements AutoCloseable {
    /** What a format that cannot be enforced is called in an {@link InvalidRequest}. */
    public static final String FORMAT_PARAM = "response_format";

    private final LoadedModel model;
    private final ModelSummary summary;
    private final GenerationStarter generations;
    private final AnswerGrammars grammars;

    private Scout(LoadedModel model) {
        this.model = model;
        this.summary = ModelSummary.of(model.checkpoint());
        this.generations = new GenerationStarter(model);
        this.grammars = new AnswerGrammars(model.tokenizer(), generations.bannedTokens());
    }

    /**
     * Loads a model.
     *
     * @param model a Hugging Face directory, a GGUF file, or a directory that holds one GGUF model
     * @throws org.scout4j.error.ModelNotFound if there is no model
     * @throws org.scout4j.error.VerificationFailed if its files are damaged
     * @throws org.scout4j.error.DoesNotFit if it needs more memory than there is
     * @throws org.scout4j.error.PlatformUnfit if the backend asked for cannot run here
     */
    public static Scout load(Path model, LoadOptions options) {
        return new Scout(LoadedModel.load(model, options));
    }

    /**
     * What a model would need in memory, without loading it.
     *
     * @throws org.scout4j.error.ModelNotFound if there is no model
     * @throws org.scout4j.error.VerificationFailed if its files are damaged
     */
    public static MemoryPlan plan(Path model, LoadOptions options) {
        try (Checkpoint checkpoint = Checkpoints.open(model, options.mmproj())) {
            return MemoryPlan.of(checkpoint, options);
        }
    }

    /** Answers a conversation and waits for the whole answer. */
    public ChatResult chat(ChatRequest request) {
        try (ChatStream stream = stream(request)) {
            return stream.result();
        }
    }

    /**
     * Answers a conversation with the help of tools: what the model calls is answered, and the
     * model asked again, until it gives an answer. A call that is required is required once. Calls
     * of tools that the request has beside these are left to the caller: the result has them.
     *
     * @throws org.scout4j.error.AnswerUnusable if the model called in more rounds than are allowed
     */
    public ChatResult chat(ChatRequest request, ToolBox tools) {
        return chat(request, tools, event -> {});
    }

    /**
     * The same, telling what happens while it does: the events of all answers, each of which ends
     * with {@link ChatEvent.Finished}, and the results of calls between them.
     *
     * @param listener is called by the thread that asks
     */
    public ChatResult chat(ChatRequest request, ToolBox tools, Consumer<ChatEvent> listener) {
        return ToolLoop.of(this, tools, listener).run(request).result();
    }

    /**
     * Starts to answer a conversation.
     *
     * @throws InvalidRequest if the model has no chat format, the conversation cannot be expressed
     *     in it, or its answer cannot be held to the form that is asked for
     * @throws ContextOverflow if prompt and answer are longer than the context
     * @throws org.scout4j.error.Overloaded if too many requests wait already
     */
    public ChatStream stream(ChatRequest request) {
        return streams(request, 1, Dispatch.ordinary()).getFirst();
    }

    /**
     * Starts several answers to one conversation. The prompt is computed once; answer i draws its
     * random numbers from (seed, i). All of them are accepted or none. Cached tokens of the request
     * are those of the first answer: what the others found is the first one's work.
     *
     * @param choices how many, at least 1
     * @param dispatch how the work is queued
     */
    public List<ChatStream> streams(ChatRequest request, int choices, Dispatch dispatch) {
        List<Tool> tools = request.conversation().callableTools();
        AnswerGrammars.Held held = grammars.of(request.options(), request.conversation());
        PreparedPrompt prompt = model.prompts().of(request.conversation(), contextLength());
        return generations.start(prompt, request.options(), tools, held, false, choices, dispatch);
    }

    /** As {@link #chat}, without waiting; cancelling the future stops the work. */
    public CompletableFuture<ChatResult> chatAsync(ChatRequest request, Executor executor) {
        ChatStream stream = stream(request);
        CompletableFuture<ChatResult> future =
                CompletableFuture.supplyAsync(stream::result, executor);
        future.whenComplete((result, failure) -> stream.close());
        return future;
    }

    /** Continues a text and waits for the whole continuation. */
    public ChatResult complete(CompletionRequest request) {
        try (ChatStream stream = stream(request)) {
            return stream.result();
        }
    }

    /**
     * Starts to continue a prompt.
     *
     * @throws ContextOverflow if prompt and answer are longer than the context
     * @throws org.scout4j.error.Overloaded if too many requests wait already
     */
    public ChatStream stream(CompletionRequest request) {
        return streams(request, 1, Dispatch.ordinary()).getFirst();
    }

    /** Starts several continuations of one prompt; see the method for conversations. */
    public List<ChatStream> streams(CompletionRequest request, int choices, Dispatch dispatch) {
        return generations.start(
                PreparedPrompt.ofText(promptTokens(request.prompt())),
                request.options(),
                List.of(),
                grammars.of(request.options().format()),
                request.promptLogprobs(),
                choices,
                dispatch);
    }

    /**
     * The token ids that a conversation becomes, its images included; of these the heads are read
     * only.
     *
     * @throws InvalidRequest if it cannot be expressed, or a file is no image
     */
    public int[] promptTokens(Conversation conversation) {
        return model.prompts().tokens(conversation);
    }

    /** The text that a conversation becomes, control tokens by name; for people. */
    public String promptText(Conversation conversation) {
        return model.prompts().text(conversation);
    }

    /** The token ids that a completion's prompt becomes. */
    public int[] promptTokens(CompletionRequest.Prompt prompt) {
        return model.prompts().tokens(prompt);
    }

    /** Whether messages may show images. */
    public boolean readsImages() {
        return shape().vision().isPresent();
    }

    /**
     * What an image takes of the context, by the head of its file.
     *
     * @throws InvalidRequest if it is no image, or the model reads text only
     */
    public ImageCost imageCost(ImageData image) {
        return model.prompts().cost(image);
    }

    /** What the engine is doing now. */
    public EngineStatus status() {
        return model.engine().status();
    }

    /**
     * Bytes of memory that images of requests hold now: while they are read, and as tiles until
     * their requests have ended.
     */
    public long imageBytes() {
        return model.prompts().imageBytes();
    }

    /** Most tokens of a prompt and its answer together. */
    public int contextLength() {
        return model.engine().contextLength();
    }

    /** A conversation that grows turn by turn. */
    public Session session(AnswerOptions options) {
        return new Session(this, options, ToolBox.builder().build());
    }

    /** A conversation whose turns may call tools. */
    public Session session(AnswerOptions options, ToolBox tools) {
        return new Session(this, options, tools);
    }

    /** The validated numbers of the model. */
    public ModelShape shape() {
        return model.checkpoint().shape();
    }

    /** Parameters of the text model. */
    public long parameters() {
        return summary.parameters().text();
    }

    /** The type that most of its parameters are stored in, e.g. {@code Q4_K} or {@code BF16}. */
    public String weightType() {
        return summary.weightType().name();
    }

    /** What it may use of memory. */
    public MemoryPlan plan() {
        return model.plan();
    }

    /** The backend it computes on, for people. */
    public String backendName() {
        return model.backend().name();
    }

    /** The model's own name, or that of its file. */
    public String name() {
        return model.checkpoint()
                .name()
                .orElseGet(() -> String.valueOf(model.checkpoint().path().getFileName()));
    }

    public Tokenizer tokenizer() {
        return model.tokenizer();
    }

    /**
     * How the model reads a conversation.
     *
     * @throws InvalidRequest if it is a base model without any
     */
    public ChatFormat chatFormat() {
        return model.prompts().chatFormat();
    }

    /** Cancels everything that runs and frees the model. */
    @Override
    public void close() {
        model.close();
    }
}

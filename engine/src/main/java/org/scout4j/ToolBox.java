package org.scout4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.error.AnswerUnusable;
import org.scout4j.error.Cancelled;
import org.scout4j.error.InvalidRequest;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Functions of the program that the model may call. Each is described by a record: its components
 * are the arguments, and {@code @JsonPropertyDescription} tells the model what they mean.
 * Immutable; thread-safe if the functions are.
 *
 * {@snippet :
 * record Place(String city) {}
 * record Weather(double celsius, String sky) {}
 * ToolBox tools = ToolBox.builder()
 *         .tool("get_weather", "The weather now.", Place.class, place -> new Weather(7.5, "rain"))
 *         .build();
 * ChatRequest question = ChatRequest.builder().user("Do I need an umbrella in Oslo?").build();
 * System.out.println(scout.chat(question, tools).text());
 * }
 */
public final class ToolBox {
    /** Rounds of calls unless more is said. */
    public static final int DEFAULT_ROUNDS = 8;

    private static final System.Logger LOG = System.getLogger("org.scout4j.tools");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final List<Tool> tools;
    private final Map<String, Callback<?>> callbacks;
    private final int rounds;
    private final @Nullable Executor executor;

    private ToolBox(Builder builder) {
        this.tools = List.copyOf(builder.tools);
        this.callbacks = Map.copyOf(builder.callbacks);
        this.rounds = builder.rounds;
        this.executor = builder.executor;
    }

    /** How a call becomes a result. */
    private record Callback<A extends Record>(Class<A> arguments, ToolFunction<A> function) {
        @Nullable Object call(String json) throws Exception {
            return function.call(RecordReader.read(json.isBlank() ? "{}" : json, arguments));
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects tools. */
    public static final class Builder {
        private ArrayNode definitions = JSON.arrayNode();
        private List<Tool> tools = List.of();
        private final Map<String, Callback<?>> callbacks = new LinkedHashMap<>();
        private int rounds = DEFAULT_ROUNDS;
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * Adds a function.
         *
         * @param name 1 to 64 letters, digits, {@code _}, {@code -} and {@code .}
         * @param description what it does and when to call it, for the model
         * @param arguments as {@link JsonSchema#of(Class)} describes them
         * @throws InvalidRequest if the name cannot be used or is used already, or an argument has
         *     a type that has no schema
         */
        public <A extends Record> Builder tool(
                String name, String description, Class<A> arguments, ToolFunction<A> function) {
            ObjectNode definition = JSON.objectNode();
            definition.put("name", name).put("description", description);
            definition.set("parameters", RecordSchema.inlined(arguments));
            if (callbacks.containsKey(name)) {
                throw new InvalidRequest("tools", "There are two tools named '" + name + "'.");
            }
            ArrayNode all = definitions.deepCopy().add(definition);
            tools = ConversationReader.tools(all, "tools");
            definitions = all;
            callbacks.put(name, new Callback<>(arguments, function));
            return this;
        }

        /**
         * How often the model may call before it has to answer; {@link #DEFAULT_ROUNDS} unless
         * said. Calls of one answer are one round.
         *
         * @throws InvalidRequest if less than 1
         */
        public Builder rounds(int most) {
            if (most < 1) {
                throw new InvalidRequest("rounds", "rounds is " + most + ", the smallest is 1.");
            }
            rounds = most;
            return this;
        }

        /**
         * Where the calls of one answer run, at the same time; unless said, one after the other on
         * the thread that asks.
         */
        public Builder executor(Executor calls) {
            executor = calls;
            return this;
        }

        public ToolBox build() {
            return new ToolBox(this);
        }
    }

    /** The definitions, for a request whose calls the program answers itself. */
    public List<Tool> tools() {
        return tools;
    }

    /** Most rounds of calls. */
    int rounds() {
        return rounds;
    }

    boolean has(String name) {
        return callbacks.containsKey(name);
    }

    /**
     * Answers a call. What fails is told to the model as {@code {"error": …}}: arguments that are
     * none, a tool that there is not, or the message of what the function threw.
     *
     * @return the tool message that the conversation goes on with
     * @throws Cancelled if the thread was interrupted
     */
    public Message call(Message.ToolCall call) {
        return new Message(
                Message.Role.TOOL,
                List.of(new Message.Part.Text(result(call))),
                List.of(),
                call.id());
    }

    /** Answers the calls of one answer; the results are in their order. */
    List<Message> call(List<Message.ToolCall> calls) {
        Executor parallel = executor;
        if (parallel == null || calls.size() == 1) {
            return calls.stream().map(this::call).toList();
        }
        List<FutureTask<Message>> running = new ArrayList<>();
        try {
            for (Message.ToolCall call : calls) {
                Callable<Message> work = () -> call(call);
                FutureTask<Message> task = new FutureTask<>(work);
                running.add(task);
                parallel.execute(task);
            }
            List<Message> results = new ArrayList<>();
            for (FutureTask<Message> task : running) {
                results.add(task.get());
            }
            return results;
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } finally {
            running.forEach(task -> task.cancel(true));
        }
    }

    private static RuntimeException thrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime
                ? runtime
                : new IllegalStateException(cause);
    }

    private static Cancelled interrupted() {
        Thread.currentThread().interrupt();
        return new Cancelled();
    }

    private String result(Message.ToolCall call) {
        Callback<?> callback = callbacks.get(call.name());
        if (callback == null) {
            return error("There is no tool '" + call.name() + "'.");
        }
        try {
            Object result = callback.call(call.arguments());
            return result instanceof String text ? text : json(result);
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (Cancelled e) {
            throw e;
        } catch (AnswerUnusable e) {
            return error(String.valueOf(e.getMessage()));
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "tool " + call.name() + " failed", e);
            String message = e.getMessage();
            return error(message == null || message.isBlank() ? "The tool failed." : message);
        }
    }

    private static String json(@Nullable Object result) {
        return result == null ? "null" : RecordReader.write(result);
    }

    private static String error(String message) {
        return JSON.objectNode().put("error", message).toString();
    }
}

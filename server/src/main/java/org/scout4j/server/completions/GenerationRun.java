package org.scout4j.server.completions;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.scout4j.ChatEvent;
import org.scout4j.ChatStream;
import org.scout4j.error.Cancelled;
import org.scout4j.sampling.TokenLogprobs;

/**
 * The generations of one reply, running side by side. Their events are told as they come, on one
 * thread. Closing it, from any thread, cancels all.
 */
final class GenerationRun implements AutoCloseable {
    private static final int MOST_AHEAD = 64;

    private final List<ChatStream> streams;
    private final List<List<TokenLogprobs>> held = new ArrayList<>();

    /** Is told what happens; {@code choice} counts from 0. */
    interface Listener {
        void prompt(int choice, ChatEvent.PromptToken token);

        /** More text; the log-probabilities are those of the tokens that made it. */
        void text(int choice, String text, List<TokenLogprobs> logprobs);

        /** The model calls a tool. */
        void call(int choice, ChatEvent.ToolCallStarted call);

        /** More of a call's arguments. */
        void arguments(int choice, ChatEvent.ToolCallArguments more);

        void finished(int choice, ChatEvent.Finished end);
    }

    private sealed interface Item {
        record Event(int choice, ChatEvent event) implements Item {}

        record Failure(RuntimeException cause) implements Item {}

        record End() implements Item {}
    }

    GenerationRun(List<ChatStream> streams) {
        this.streams = List.copyOf(streams);
        streams.forEach(stream -> held.add(new ArrayList<>()));
    }

    @Override
    public void close() {
        streams.forEach(ChatStream::close);
    }

    /** Tokens made so far for a choice, also if it is never told to the end. */
    int made(int choice) {
        return streams.get(choice).partial().usage().completionTokens();
    }

    /** Whether a choice has a malformed call in it, which is text therefore. */
    boolean parseFailed(int choice) {
        return streams.get(choice).partial().toolParseFailed();
    }

    /**
     * Tells everything to the end.
     *
     * @throws org.scout4j.error.ScoutException as soon as one of the generations fails
     */
    void tell(Listener listener) {
        if (streams.size() == 1) {
            streams.getFirst().forEach(event -> tell(0, event, listener));
            return;
        }
        // Bounded: behind a slow reader, the engine has to see that its events are not read.
        BlockingQueue<Item> items = new ArrayBlockingQueue<>(MOST_AHEAD);
        List<Thread> forwarders = new ArrayList<>();
        try {
            for (int choice = 0; choice < streams.size(); choice++) {
                int index = choice;
                forwarders.add(Thread.ofVirtual().start(() -> forward(index, items)));
            }
            for (int running = streams.size(); running > 0; ) {
                switch (await(items)) {
                    case Item.Event(int choice, ChatEvent event) -> tell(choice, event, listener);
                    case Item.Failure(RuntimeException cause) -> throw cause;
                    case Item.End _ -> running--;
                }
            }
        } finally {
            forwarders.forEach(Thread::interrupt); // those whose item nobody takes any more
        }
    }

    private void forward(int choice, BlockingQueue<Item> items) {
        try {
            try {
                for (ChatEvent event : streams.get(choice)) {
                    items.put(new Item.Event(choice, event));
                }
                items.put(new Item.End());
            } catch (RuntimeException failure) {
                items.put(new Item.Failure(failure));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is over
        }
    }

    private static Item await(BlockingQueue<Item> items) {
        try {
            return items.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled();
        }
    }

    private void tell(int choice, ChatEvent event, Listener listener) {
        switch (event) {
            case ChatEvent.PromptToken token -> listener.prompt(choice, token);
            case ChatEvent.Text(String text, List<TokenLogprobs> logprobs) -> {
                held.get(choice).addAll(logprobs);
                if (!text.isEmpty()) {
                    listener.text(choice, text, release(choice));
                }
            }
            case ChatEvent.ToolCallStarted call -> {
                tellHeld(choice, listener);
                listener.call(choice, call);
            }
            case ChatEvent.ToolCallArguments more -> {
                tellHeld(choice, listener);
                listener.arguments(choice, more);
            }
            case ChatEvent.Finished end -> {
                // Tokens of a stop string that was cut off are not part of the answer.
                if (end.stopString() == null) {
                    tellHeld(choice, listener);
                }
                listener.finished(choice, end);
            }
            default -> {}
        }
    }

    /** Tokens that are no text of their own are told of before what they are part of. */
    private void tellHeld(int choice, Listener listener) {
        if (!held.get(choice).isEmpty()) {
            listener.text(choice, "", release(choice));
        }
    }

    private List<TokenLogprobs> release(int choice) {
        List<TokenLogprobs> released = List.copyOf(held.get(choice));
        held.get(choice).clear();
        return released;
    }
}

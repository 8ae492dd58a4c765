package org.scout4j.server.completions;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.scout4j.ChatStream;
import org.scout4j.CompletionRequest;
import org.scout4j.Scout;
import org.scout4j.engine.Dispatch;
import org.scout4j.error.ContextOverflow;
import org.scout4j.server.Exchange;
import org.scout4j.server.Problem;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.ServerOptions;
import org.scout4j.server.request.AnswerPlan;

/** What chat and text completions do alike: prompts of token ids in, a reply out. */
final class Endpoint {
    private static final int MOST_NAMES = 16;
    private static final int LONGEST_NAME = 64;

    private final Flavour flavour;
    private final ServerOptions options;

    Endpoint(Flavour flavour, ServerOptions options) {
        this.flavour = flavour;
        this.options = options;
    }

    /**
     * What is to be computed.
     *
     * @param prompts token ids, taken as they are
     * @param perPrompt answers made to each
     * @param promptLogprobs whether to report on the prompts' tokens too
     * @param promptParam the field they came from
     */
    record Task(
            List<int[]> prompts,
            AnswerPlan plan,
            int perPrompt,
            boolean promptLogprobs,
            String promptParam) {}

    /**
     * Tells which fields were ignored; their names are client text, so only plain ones are shown.
     */
    static void tellIgnored(Exchange exchange, List<String> names) {
        if (!names.isEmpty()) {
            exchange.replyHeader(
                    "x-scout4j-ignored",
                    names.stream()
                            .limit(MOST_NAMES)
                            .map(Endpoint::headerText)
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String headerText(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), LONGEST_NAME); i++) {
            char c = name.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '_'
                            || c == '-'
                            || c == '.';
            text.append(plain ? c : '?');
        }
        return text.isEmpty() ? "?" : text.toString();
    }

    /**
     * Computes and replies.
     *
     * @throws RuntimeException before anything is sent, if the work cannot be taken
     */
    void serve(
            Exchange exchange, Scout scout, Task task, ReplyForm form, String model, boolean chat) {
        GenerationRun run = new GenerationRun(start(exchange, scout, task));
        String id = flavour.idPrefix(chat) + exchange.id().replace("-", "");
        Reply.Work work =
                new Reply.Work(
                        run,
                        scout.tokenizer().special(),
                        task.prompts().stream().mapToInt(prompt -> prompt.length).sum(),
                        task.prompts().size(),
                        task.perPrompt(),
                        task.plan().choices());
        new Reply(
                        exchange,
                        flavour,
                        form,
                        Envelope.of(id, model, options.build(), task.plan().seed()),
                        task.plan(),
                        work)
                .send();
    }

    /** Starts all answers or none. */
    private List<ChatStream> start(Exchange exchange, Scout scout, Task task) {
        Dispatch dispatch =
                Dispatch.ordinary()
                        .withTenant(exchange.tenant())
                        .rejectingIfBusy(task.plan().rejectIfBusy())
                        .withTimeouts(
                                options.limits().queueTimeout(), options.limits().requestTimeout());
        List<ChatStream> streams = new ArrayList<>();
        try {
            for (int[] prompt : task.prompts()) {
                streams.addAll(
                        scout.streams(
                                new CompletionRequest(
                                        new CompletionRequest.Tokens(prompt, false),
                                        task.promptLogprobs(),
                                        task.plan().options()),
                                task.perPrompt(),
                                dispatch));
            }
            return streams;
        } catch (ContextOverflow overflow) {
            streams.forEach(ChatStream::close);
            throw new ProblemException(told(overflow, task.promptParam()));
        } catch (RuntimeException | Error failure) {
            streams.forEach(ChatStream::close);
            throw failure;
        }
    }

    private static Problem told(ContextOverflow overflow, String param) {
        Problem general = Problems.of(overflow);
        return Problems.invalid(param, general.code(), general.message());
    }
}

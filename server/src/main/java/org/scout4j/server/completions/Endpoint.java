package org.scout4j.server.completions;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.scout4j.ChatStream;
import org.scout4j.Scout;
import org.scout4j.engine.Dispatch;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.ScoutException;
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

    /** Hands one prompt to the engine: all its answers are started, or none. */
    interface Submission {
        List<ChatStream> start(int choices, Dispatch dispatch);
    }

    /**
     * What is to be computed.
     *
     * @param prompts how each is started
     * @param perPrompt answers made to each
     * @param promptParam the field they came from
     * @param images how many the prompts show
     */
    record Task(
            List<Submission> prompts,
            AnswerPlan plan,
            int perPrompt,
            String promptParam,
            int images) {}

    /**
     * Tells which fields were ignored; their names are client text, so only plain ones are shown.
     */
    static void tellIgnored(Exchange exchange, List<String> names) {
        tell(exchange, "x-scout4j-ignored", names);
    }

    private static void tell(Exchange exchange, String header, List<String> names) {
        if (!names.isEmpty()) {
            exchange.replyHeader(
                    header,
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
                            || "_-./$ ".indexOf(c) >= 0;
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
        List<ChatStream> streams = start(exchange, task);
        GenerationRun run = new GenerationRun(streams);
        tell(exchange, "x-scout4j-not-enforced", streams.getFirst().notEnforced());
        String id = flavour.idPrefix(chat) + exchange.id().replace("-", "");
        Reply.Work work =
                new Reply.Work(
                        run,
                        scout.tokenizer().special(),
                        promptTokens(streams, task.perPrompt()),
                        task.images(),
                        streams.getFirst().partial().usage().imageTokens(),
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

    private static int promptTokens(List<ChatStream> streams, int perPrompt) {
        int tokens = 0;
        for (int first = 0; first < streams.size(); first += perPrompt) {
            tokens += streams.get(first).promptTokens();
        }
        return tokens;
    }

    /** Starts all answers or none. */
    private List<ChatStream> start(Exchange exchange, Task task) {
        Dispatch dispatch =
                Dispatch.ordinary()
                        .withTenant(exchange.tenant())
                        .rejectingIfBusy(task.plan().rejectIfBusy())
                        .withTimeouts(
                                options.limits().queueTimeout(), options.limits().requestTimeout());
        List<ChatStream> streams = new ArrayList<>();
        try {
            for (Submission prompt : task.prompts()) {
                streams.addAll(prompt.start(task.perPrompt(), dispatch));
            }
            return streams;
        } catch (ContextOverflow overflow) {
            streams.forEach(ChatStream::close);
            throw renamed(overflow, task.promptParam());
        } catch (InvalidRequest invalid) {
            streams.forEach(ChatStream::close);
            throw invalid.param().filter(Scout.FORMAT_PARAM::equals).isPresent()
                    ? renamed(invalid, task.plan().formatParam())
                    : invalid;
        } catch (RuntimeException | Error failure) {
            streams.forEach(ChatStream::close);
            throw failure;
        }
    }

    /** The same problem, told of the field that the client sent. */
    private static ProblemException renamed(ScoutException failure, String param) {
        Problem general = Problems.of(failure);
        return new ProblemException(Problems.invalid(param, general.code(), general.message()));
    }
}

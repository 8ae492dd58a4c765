package org.scout4j.server.completions;

import java.time.Duration;
import java.util.List;
import org.scout4j.ChatEvent;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.server.Exchange;
import org.scout4j.server.GenerationFacts;
import org.scout4j.server.Problem;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one reply as its service does, as a whole or as the events of a stream. What happens is
 * told as it comes; each tells which events follow from it, often one, sometimes none.
 */
public interface ReplyWriter {

    /** The name of the model, as the client wrote it. */
    String model();

    /** What fills the silence of a stream. */
    String keepAlive();

    /** Adds headers of its own, before the reply begins. */
    void addHeaders(Exchange exchange);

    /** Sent for each choice before anything is computed. */
    List<ObjectNode> opening(int choice);

    /**
     * More text.
     *
     * @param answer what is known of the choice
     */
    List<ObjectNode> text(int choice, Answer answer, String text, List<TokenLogprobs> logprobs);

    /** The model calls a tool. */
    List<ObjectNode> call(int choice, ChatEvent.ToolCallStarted call);

    /** More of a call's arguments. */
    List<ObjectNode> arguments(int choice, ChatEvent.ToolCallArguments more);

    /** A choice has ended. */
    List<ObjectNode> closing(int choice, Answer answer);

    /** All choices have ended. */
    List<ObjectNode> end(TokenCount tokens);

    /** The event that tells of a problem inside a stream. */
    ObjectNode failure(Problem problem);

    /**
     * The whole reply.
     *
     * @throws org.scout4j.server.ProblemException if the answers are none that may be told
     */
    ObjectNode whole(List<Answer> answers, TokenCount tokens);

    /**
     * Takes note of a reply that is over.
     *
     * @param first the first choice, which may not have ended
     * @param latency until the first token
     */
    void over(GenerationFacts facts, boolean cancelled, Answer first, Duration latency);
}

package org.scout4j.server.completions;

import org.scout4j.server.Exchange;
import org.scout4j.server.Problem;
import org.scout4j.server.request.ChatDraft;
import org.scout4j.server.request.FieldTable;
import org.scout4j.server.request.SamplingRanges;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** In what the completions of one hosted service differ from those of another. */
public interface Flavour {

    /** What may be asked of the sampler. */
    SamplingRanges ranges();

    /** Largest {@code n}. */
    int mostChoices();

    /** Adds the fields that only this service has. */
    void extend(FieldTable<ChatDraft> table);

    /**
     * The name of the model that a request means, as the client wrote it.
     *
     * @throws org.scout4j.server.ProblemException if it is not served here
     */
    String model(JsonNode body);

    /** How the id of a reply begins: for chat, or for a text completion. */
    String idPrefix(boolean chat);

    /** The id of the reply to a request. */
    default String id(Exchange exchange, boolean chat) {
        return idPrefix(chat) + exchange.id().replace("-", "");
    }

    /** Whether options of a stream are accepted without one, and usage always ends a stream. */
    boolean usageAlways();

    /** What fills the silence of a stream. */
    String keepAlive();

    /** Adds headers of its own, before the reply begins. */
    void addHeaders(Exchange exchange, String id);

    /** Adds fields of its own to a reply or chunk. */
    void decorate(ObjectNode reply);

    /** Adds fields of its own to a choice that has ended. */
    void decorateEnd(ObjectNode choice, String nativeReason);

    /** Adds fields of its own to usage. */
    void decorateUsage(ObjectNode usage);

    /**
     * The event that tells of a problem inside a stream.
     *
     * @param chunk a chunk without choices, to be completed
     */
    ObjectNode errorEvent(Problem problem, ObjectNode chunk);

    /** Takes note of a reply that is over. */
    void over(GenerationRecord generation);
}

package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What ends an answer, on a model whose answer is known: "The capital of Norway is Oslo." */
class StoppingTest {
    private static NanoServer server;

    @BeforeAll
    static void start() {
        server = NanoServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ObjectNode question() {
        ObjectNode body = Http.JSON.createObjectNode();
        body.put("model", NanoServer.MODEL).put("temperature", 0).put("max_tokens", 24);
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", "What is the capital of Norway?");
        return body;
    }

    private static JsonNode answer(ObjectNode body) {
        return NanoServer.json(server.post("/v1/chat/completions", body.toString()));
    }

    private static String text(JsonNode answer) {
        return answer.at("/choices/0/message/content").asString();
    }

    private static String reason(JsonNode answer) {
        return answer.at("/choices/0/finish_reason").asString();
    }

    @Test
    void theModelsOwnStopToken() {
        JsonNode answer = answer(question());
        assertThat(text(answer)).isEqualTo("The capital of Norway is Oslo.");
        assertThat(reason(answer)).isEqualTo("stop");
    }

    @Test
    void ignoredStopTokenLetsTheAnswerRunToItsLimit() {
        JsonNode answer = answer(question().put("ignore_eos", true));
        assertThat(text(answer)).startsWith("The capital of Norway is Oslo.");
        assertThat(reason(answer)).isEqualTo("length");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(24);
    }

    @Test
    void stopStringIsCutOffUnlessItIsToBeIncluded() {
        JsonNode cut = answer(question().put("stop", "Norway"));
        assertThat(text(cut)).isEqualTo("The capital of ");
        assertThat(reason(cut)).isEqualTo("stop");
        JsonNode included =
                answer(question().put("stop", "Norway").put("include_stop_str_in_output", true));
        assertThat(text(included)).isEqualTo("The capital of Norway");
        assertThat(included.at("/usage/completion_tokens").asInt())
                .as("tokens made count, shown or not")
                .isEqualTo(cut.at("/usage/completion_tokens").asInt());
    }

    @Test
    void stopTokenOfTheRequest() {
        JsonNode tokens =
                NanoServer.json(server.post("/tokenize", "{\"content\":\" Norway\"}"))
                        .get("tokens");
        assertThat(tokens.size()).as("one token in this vocabulary").isEqualTo(1);
        ObjectNode body = question();
        body.putArray("stop_token_ids").add(tokens.get(0).asInt());
        JsonNode answer = answer(body);
        assertThat(text(answer)).isEqualTo("The capital of");
        assertThat(reason(answer)).isEqualTo("stop");
        assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(4);
    }
}

package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.tokenizer.SpecialTokens;
import tools.jackson.databind.JsonNode;

/** What replies have to do with each other and with the request; over HTTP. */
class CompletionsTest {
    private static NanoServer server;

    @BeforeAll
    static void start() {
        server = NanoServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String chat(String more) {
        return """
        {"model":"%s","messages":[{"role":"user","content":"Name three colours."}],"max_tokens":12%s}
        """
                .formatted(NanoServer.MODEL, more);
    }

    private static String text(String prompt, String more) {
        return """
        {"model":"%s","prompt":%s,"max_tokens":6%s}
        """
                .formatted(NanoServer.MODEL, prompt, more);
    }

    private static JsonNode ok(String path, String body) {
        HttpResponse<String> response = server.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return NanoServer.json(response);
    }

    private static JsonNode refused(String path, String body) {
        HttpResponse<String> response = server.post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        return NanoServer.json(response).get("error");
    }

    private static String joined(List<JsonNode> events, int index, String pointer) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events) {
            for (JsonNode choice : event.get("choices")) {
                if (choice.get("index").intValue() == index) {
                    text.append(choice.at(pointer).asString(""));
                }
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"seed\":5",
                ",\"seed\":-7,\"n\":3",
                ",\"seed\":1,\"stop\":[\"e\"]",
                ",\"seed\":1,\"stop\":[\"e\"],\"include_stop_str_in_output\":true",
                ",\"seed\":9,\"logprobs\":true,\"top_logprobs\":2,\"n\":2",
                ",\"seed\":9,\"logprobs\":true,\"stop\":\"re\"",
                ",\"temperature\":0"
            })
    void streamedChatIsTheSameAsWhole(String more) {
        JsonNode whole = ok("/v1/chat/completions", chat(more));
        List<JsonNode> events =
                NanoServer.events(
                        server.post("/v1/chat/completions", chat(more + ",\"stream\":true")));
        for (JsonNode choice : whole.get("choices")) {
            int index = choice.get("index").intValue();
            assertThat(joined(events, index, "/delta/content"))
                    .isEqualTo(choice.at("/message/content").stringValue());
            assertThat(joined(events, index, "/finish_reason"))
                    .isEqualTo(choice.get("finish_reason").stringValue());
            List<JsonNode> logprobs = new ArrayList<>();
            events.stream()
                    .flatMap(e -> e.get("choices").valueStream())
                    .filter(c -> c.get("index").intValue() == index)
                    .forEach(c -> c.at("/logprobs/content").forEach(logprobs::add));
            List<JsonNode> expected = new ArrayList<>();
            choice.at("/logprobs/content").forEach(expected::add);
            assertThat(logprobs).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"echo\":true",
                ",\"logprobs\":2",
                ",\"echo\":true,\"logprobs\":1",
                ",\"n\":2,\"echo\":true,\"logprobs\":0"
            })
    void streamedTextIsTheSameAsWhole(String more) {
        String body = text("[\"The sky is\",\"Übung\"]", more + ",\"seed\":3");
        JsonNode whole = ok("/v1/completions", body);
        List<JsonNode> events =
                NanoServer.events(
                        server.post(
                                "/v1/completions",
                                text(
                                        "[\"The sky is\",\"Übung\"]",
                                        more + ",\"seed\":3,\"stream\":true")));
        for (JsonNode choice : whole.get("choices")) {
            int index = choice.get("index").intValue();
            assertThat(joined(events, index, "/text")).isEqualTo(choice.get("text").stringValue());
            for (String column :
                    List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
                List<JsonNode> pieces = new ArrayList<>();
                events.stream()
                        .flatMap(e -> e.get("choices").valueStream())
                        .filter(c -> c.get("index").intValue() == index)
                        .forEach(c -> c.path("logprobs").path(column).forEach(pieces::add));
                List<JsonNode> expected = new ArrayList<>();
                choice.path("logprobs").path(column).forEach(expected::add);
                assertThat(pieces).as(column).isEqualTo(expected);
            }
        }
    }

    @Test
    void theDrawnSeedRepeatsTheAnswer() {
        JsonNode first = ok("/v1/chat/completions", chat(""));
        String fingerprint = first.get("system_fingerprint").stringValue();
        long seed =
                Long.parseUnsignedLong(fingerprint.substring(fingerprint.lastIndexOf('_') + 1), 16);
        JsonNode second = ok("/v1/chat/completions", chat(",\"seed\":" + seed));
        assertThat(second.get("system_fingerprint")).isEqualTo(first.get("system_fingerprint"));
        assertThat(second.get("choices")).isEqualTo(first.get("choices"));
    }

    @Test
    void choicesAreDrawnApart() {
        JsonNode reply = ok("/v1/chat/completions", chat(",\"seed\":2,\"n\":8,\"temperature\":2"));
        assertThat(
                        reply.get("choices")
                                .valueStream()
                                .map(choice -> choice.at("/message/content").stringValue())
                                .distinct()
                                .count())
                .isGreaterThan(1);
    }

    @Test
    void promptOfSeveralChoicesIsCountedOnce() {
        JsonNode one = ok("/v1/chat/completions", chat(",\"seed\":2,\"n\":1"));
        JsonNode three = ok("/v1/chat/completions", chat(",\"seed\":2,\"n\":3"));
        assertThat(three.get("choices").get(0)).isEqualTo(one.get("choices").get(0));
        assertThat(three.at("/usage/prompt_tokens")).isEqualTo(one.at("/usage/prompt_tokens"));
        assertThat(three.at("/usage/completion_tokens").intValue())
                .isGreaterThan(one.at("/usage/completion_tokens").intValue());
    }

    @Test
    void echoedLogprobsCoverPromptAndAnswerWithOffsetsIntoTheText() {
        JsonNode choice =
                ok("/v1/completions", text("\"Hello world\"", ",\"echo\":true,\"logprobs\":1"))
                        .at("/choices/0");
        JsonNode logprobs = choice.get("logprobs");
        assertThat(logprobs.at("/tokens/0").stringValue()).isEqualTo(SpecialTokens.BEGIN_OF_TEXT);
        assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
        assertThat(logprobs.at("/token_logprobs/1").doubleValue()).isNegative();
        assertThat(choice.get("text").stringValue()).startsWith("Hello world");
        String text = choice.get("text").stringValue();
        for (int i = 1; i < logprobs.get("tokens").size(); i++) {
            int offset = logprobs.get("text_offset").get(i).intValue();
            assertThat(text.substring(offset))
                    .startsWith(logprobs.get("tokens").get(i).stringValue());
        }
    }

    @Test
    void bestOfReturnsTheLikeliest() {
        JsonNode all =
                ok("/v1/completions", text("\"I like\"", ",\"seed\":4,\"n\":4,\"logprobs\":0"));
        JsonNode best =
                ok(
                        "/v1/completions",
                        text("\"I like\"", ",\"seed\":4,\"n\":1,\"best_of\":4,\"logprobs\":0"));
        double likeliest = Double.NEGATIVE_INFINITY;
        String text = "";
        for (JsonNode choice : all.get("choices")) {
            double mean =
                    choice.at("/logprobs/token_logprobs")
                            .valueStream()
                            .mapToDouble(JsonNode::doubleValue)
                            .average()
                            .orElseThrow();
            if (mean > likeliest) {
                likeliest = mean;
                text = choice.get("text").stringValue();
            }
        }
        assertThat(best.get("choices").size()).isEqualTo(1);
        assertThat(best.at("/choices/0/text").stringValue()).isEqualTo(text);
        assertThat(best.at("/usage/completion_tokens"))
                .isEqualTo(all.at("/usage/completion_tokens"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"temperature\":3,\"top_p\":3 | temperature",
                "\"top_p\":3,\"temperature\":3 | top_p",
                "\"temperature\":1e400 | temperature",
                "\"seed\":9223372036854775808 | seed",
                "\"max_tokens\":1e999 | max_tokens",
                "\"logit_bias\":{\"-1\":1} | logit_bias",
                "\"logit_bias\":[] | logit_bias",
                "\"stream\":\"yes\" | stream",
                "\"stream\":true,\"stream_options\":{\"include_usage\":1} |"
                        + " stream_options.include_usage",
                "\"stop_token_ids\":[-1] | stop_token_ids",
                "\"modalities\":[\"text\",\"audio\"] | modalities",
                "\"response_format\":\"json_object\" | response_format",
                "\"grammar\":\"root ::= x\" | grammar",
                "\"continue_final_message\":true | continue_final_message",
                "\"audio\":{} | audio"
            })
    void theFirstFaultIsTold(String fields, String param) {
        JsonNode error =
                refused(
                        "/v1/chat/completions",
                        """
                        {"model":"%s",%s,"messages":[{"role":"user","content":"x"}]}
                        """
                                .formatted(NanoServer.MODEL, fields));
        assertThat(error.get("param").stringValue()).isEqualTo(param);
        assertThat(error.get("message").stringValue()).doesNotContain("Exception", "org.scout4j");
    }

    @Test
    void repetitionPenaltyZeroIsOff() {
        String more = ",\"temperature\":0,\"repetition_penalty\":";
        assertThat(ok("/v1/chat/completions", chat(more + "0")).get("choices"))
                .isEqualTo(ok("/v1/chat/completions", chat(more + "1")).get("choices"));
    }

    @Test
    void namesOfIgnoredFieldsCannotBreakOutOfTheHeader() {
        HttpResponse<String> response =
                server.post("/v1/chat/completions", chat(",\"a\\r\\nb: c\":1"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("x-scout4j-ignored")).contains("a??b? c");
    }

    @Test
    void strictServersRefuseUnknownFields() {
        try (NanoServer strict = NanoServer.of(256, List.of(), true)) {
            HttpResponse<String> response =
                    strict.post("/v1/chat/completions", chat(",\"frobnicate\":1"));
            assertThat(response.statusCode()).isEqualTo(400);
            JsonNode error = NanoServer.json(response).get("error");
            assertThat(error.get("code").stringValue()).isEqualTo("unknown_parameter");
            assertThat(error.get("param").stringValue()).isEqualTo("frobnicate");
        }
    }

    @Test
    void factsStandInTheHeaders() {
        HttpResponse<String> response = server.post("/v1/chat/completions", chat(""));
        assertThat(response.headers().map())
                .containsKeys(
                        "x-scout4j-prompt-tokens",
                        "x-scout4j-cached-tokens",
                        "x-scout4j-queue-ms",
                        "x-scout4j-ttft-ms");
        HttpResponse<String> streamed =
                server.post("/v1/chat/completions", chat(",\"stream\":true"));
        assertThat(streamed.headers().firstValue("x-scout4j-prompt-tokens"))
                .isEqualTo(response.headers().firstValue("x-scout4j-prompt-tokens"));
    }

    @Test
    void paddingComesOnlyWhenAskedFor() {
        String stream = ",\"stream\":true,\"stream_options\":{\"include_obfuscation\":true}";
        assertThat(server.post("/v1/chat/completions", chat(stream)).body())
                .contains("\"obfuscation\":\"");
        assertThat(server.post("/v1/chat/completions", chat(",\"stream\":true")).body())
                .doesNotContain("obfuscation");
    }

    @Test
    void generationsOfOpenRouterCanBeAskedAbout() {
        HttpResponse<String> response = server.post("/api/v1/chat/completions", chat(""));
        JsonNode reply = NanoServer.json(response);
        String id = reply.get("id").stringValue();
        assertThat(response.headers().firstValue("x-generation-id")).contains(id);
        JsonNode told = NanoServer.json(server.get("/api/v1/generation?id=" + id)).get("data");
        assertThat(told.get("tokens_completion")).isEqualTo(reply.at("/usage/completion_tokens"));
        assertThat(told.get("native_finish_reason"))
                .isEqualTo(reply.at("/choices/0/native_finish_reason"));
        assertThat(told.get("total_cost").intValue()).isZero();
    }

    @Test
    void openRouterTakesTheFirstServedModelAndDropsTheMiddle() {
        StringBuilder messages =
                new StringBuilder("{\"role\":\"system\",\"content\":\"Be kind.\"}");
        for (int i = 0; i < 300; i++) {
            messages.append(
                    ",{\"role\":\"user\",\"content\":\"message number %d of many\"}".formatted(i));
        }
        String body = "{\"models\":[\"no/such\",\"%s\"],\"messages\":[%s],\"max_tokens\":2%s}";
        HttpResponse<String> tooLong =
                server.post(
                        "/api/v1/chat/completions", body.formatted(NanoServer.MODEL, messages, ""));
        assertThat(tooLong.statusCode()).isEqualTo(400);
        JsonNode fitted =
                ok(
                        "/api/v1/chat/completions",
                        body.formatted(
                                NanoServer.MODEL, messages, ",\"transforms\":[\"middle-out\"]"));
        assertThat(fitted.get("model").stringValue()).isEqualTo(NanoServer.MODEL);
        assertThat(fitted.at("/usage/prompt_tokens").intValue())
                .isLessThan(server.scout().contextLength())
                .isGreaterThan(server.scout().contextLength() / 2);
    }

    @Test
    void endpointsOfAModelAreListed() {
        assertThat(server.get("/api/v1/models/" + NanoServer.MODEL + "/endpoints").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/api/v1/models/no/such/endpoints").statusCode()).isEqualTo(404);
        assertThat(server.get("/api/v1/models/" + NanoServer.MODEL).statusCode()).isEqualTo(404);
    }

    @Test
    void tokensGoThereAndBack() {
        String text = "Grüße <|eot|> 日本";
        JsonNode tokens = ok("/tokenize", "{\"content\":\"%s\"}".formatted(text)).get("tokens");
        assertThat(ok("/detokenize", "{\"tokens\":" + tokens + "}").get("content").stringValue())
                .isEqualTo(text);
        JsonNode rendered =
                ok("/apply-template", "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
        JsonNode counted =
                ok(
                        "/v1/chat/completions/input_tokens",
                        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                                .formatted(NanoServer.MODEL));
        assertThat(rendered.get("tokens").size()).isEqualTo(counted.get("input_tokens").intValue());
    }

    @Test
    void contextOverflowIsToldUnderTheFieldItCameFrom() {
        String longText = "\"" + "word ".repeat(4_000) + "\"";
        JsonNode error = refused("/v1/completions", text(longText, ""));
        assertThat(error.get("param").stringValue()).isEqualTo("prompt");
        assertThat(error.get("code").stringValue()).isEqualTo("context_length_exceeded");
    }

    @Test
    void aClientThatLeavesFreesItsSlots() throws InterruptedException {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(
                    RawClient.post(
                            "/v1/completions",
                            text("\"x\"", ",\"n\":4,\"stream\":true").replace(":6", ":1900")));
            while (server.scout().status().running() == 0) {
                Thread.onSpinWait();
            }
        }
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (server.scout().status().running() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertThat(server.scout().status().running()).isZero();
    }

    @Test
    void factsOfTheEngineAreHonest() {
        JsonNode props = NanoServer.json(server.get("/props"));
        assertThat(props.at("/default_generation_settings/n_ctx").intValue())
                .isEqualTo(server.scout().contextLength());
        assertThat(NanoServer.json(server.get("/slots")).size())
                .isEqualTo(props.get("total_slots").intValue());
        assertThat(server.send("POST", "/v1/audio/speech", Map.of(), "").statusCode())
                .isEqualTo(501);
    }
}

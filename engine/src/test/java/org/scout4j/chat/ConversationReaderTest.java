package org.scout4j.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.chat.Message.Role;
import org.scout4j.error.InvalidRequest;

class ConversationReaderTest {
    private static final String USER = "{\"role\":\"user\",\"content\":\"x\"}";
    private static final String TOOL =
            "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}";

    private static Conversation read(String messages, String more) {
        return ConversationReader.read("{\"messages\":[" + messages + "]" + more + "}");
    }

    private static void refused(String json, String param) {
        assertThatExceptionOfType(InvalidRequest.class)
                .as(json)
                .isThrownBy(() -> ConversationReader.read(json))
                .satisfies(e -> assertThat(e.param()).as(json).contains(param))
                .satisfies(e -> assertThat(e.getMessage()).contains(param));
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1/x.png, image_url_not_allowed, image_url.url",
        "file:///etc/passwd, image_url_not_allowed, image_url.url",
        "'data:image/png;base64,@@@', invalid_image, image_url.url",
        "'data:image/png;base64,', invalid_image, image_url.url",
        "'data:text/html;base64,AAAA', invalid_image, image_url.url",
        "'data:image/png,AAAA', invalid_image, image_url.url",
        "'data:image/png;base64,iVBORw0KGg=o', invalid_image, image_url.url",
        "'data:image/png;base64,iVBOR', invalid_image, image_url.url",
        "'data:image/png;base64,iVBOR%3', invalid_image, image_url.url",
        "'data:image/png;base64,iVBOR%zzG', invalid_image, image_url.url",
        "'data:image/png;base64,iVBO\\u0101AAA', invalid_image, image_url.url"
    })
    void imagesAreRefusedWithTheirReason(String url, String code, String param) {
        String json =
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\""
                        + url
                        + "\"}}]}]}";
        refused(json, "messages[0].content[0]." + param);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> ConversationReader.read(json))
                .satisfies(e -> assertThat(e.code()).contains(code));
    }

    private static String show(String image) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                + image
                + "}]}]}";
    }

    private static ImageData image(String image) {
        return ConversationReader.read(show(image)).images().getFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/png;base64,AP/+fg==",
                "DATA:Image/PNG;BASE64,AP/+fg==",
                "data:image/*;base64,AP/+fg==",
                "data:image/jpeg;charset=utf-8;base64,AP/+fg",
                "data:image/png;base64,AP_-fg",
                "data:image/png;base64,AP/+fg%3D%3d",
                "data:image/png;base64,AP%2F%2bfg==",
                "data:image/png;base64, AP/+\\r\\n fg\\t==\\n"
            })
    void base64IsReadAsClientsWriteIt(String url) {
        byte[] expected = {0, -1, -2, 126};
        assertThat(image("\"image_url\":{\"url\":\"" + url + "\"}").bytes()).isEqualTo(expected);
        assertThat(image("\"image_url\":\"" + url + "\"").bytes()).isEqualTo(expected);
    }

    @Test
    void everyLengthOfAnImageIsReadAndLimited() {
        long seed = 20_261_122;
        SplittableRandom random = new SplittableRandom(seed);
        for (int length : List.of(1, 2, 3, 4, 6_143, 6_144, 6_145, 12_288, 50_000, 50_001)) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            for (Base64.Encoder encoder :
                    List.of(
                            Base64.getEncoder(),
                            Base64.getUrlEncoder().withoutPadding(),
                            Base64.getMimeEncoder())) {
                String url = "data:image/png;base64," + encoder.encodeToString(bytes);
                assertThat(DataUrl.image(url, "p", length))
                        .as("seed %d, %d bytes", seed, length)
                        .isEqualTo(bytes);
                assertThatExceptionOfType(InvalidRequest.class)
                        .as("%d bytes", length)
                        .isThrownBy(() -> DataUrl.image(url, "p", length - 1))
                        .satisfies(e -> assertThat(e.code()).contains("invalid_image"));
            }
        }
    }

    @Test
    void thePaddingIsTheEnd() {
        String full = "AAAA".repeat(2_047) + "AA==" + "AAAA";
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> DataUrl.image("data:image/png;base64," + full, "p", 1 << 20));
    }

    @Test
    void detailSaysHowCloselyToLook() {
        String url = "\"url\":\"data:image/png;base64,AAAA\"";
        assertThat(image("\"image_url\":{" + url + "}").detail()).isEqualTo(ImageData.Detail.HIGH);
        for (String detail : List.of("\"auto\"", "\"high\"", "\"original\"", "null")) {
            assertThat(image("\"image_url\":{" + url + ",\"detail\":" + detail + "}").detail())
                    .isEqualTo(ImageData.Detail.HIGH);
        }
        assertThat(image("\"image_url\":{" + url + ",\"detail\":\"low\"}").detail())
                .isEqualTo(ImageData.Detail.LOW);
        String where = "messages[0].content[0].image_url.detail";
        refused(show("\"image_url\":{" + url + ",\"detail\":\"max\"}"), where);
        refused(show("\"image_url\":{" + url + ",\"detail\":1}"), where);
    }

    @Test
    void malformedImagesAreNamed() {
        String where = "messages[0].content[0].image_url";
        refused(show("\"image_url\":5"), where);
        refused(show("\"image_url\":null"), where);
        refused(show("\"image\":\"x\""), where);
        refused(show("\"image_url\":{}"), where + ".url");
        refused(show("\"image_url\":{\"url\":[]}"), where + ".url");
    }

    @Test
    void onlyUsersShowImages() {
        String parts =
                "\"content\":[{\"type\":\"image_url\",\"image_url\":\"data:image/png;base64,AAAA\"}]";
        for (String role : List.of("system", "developer", "assistant", "function")) {
            refused(
                    "{\"messages\":[" + USER + ",{\"role\":\"" + role + "\"," + parts + "}]}",
                    "messages[1].content[0].type");
        }
    }

    @Test
    void thereIsAMostOfMessagesAndParts() {
        String many = "{\"messages\":[" + USER + ("," + USER).repeat(2_047) + "]}";
        assertThat(ConversationReader.read(many).messages()).hasSize(2_048);
        refused(many.replace("]}", "," + USER + "]}"), "messages");
        String part = "{\"type\":\"text\",\"text\":\"x\"}";
        String parts = part + ("," + part).repeat(255);
        String message = "{\"messages\":[{\"role\":\"user\",\"content\":[%s]}]}";
        assertThat(ConversationReader.read(message.formatted(parts)).messages().getFirst().parts())
                .hasSize(256);
        refused(message.formatted(parts + "," + part), "messages[0].content");
    }

    @Test
    void theLegacyCallOfAnAssistantIsRead() {
        Conversation conversation =
                read(
                        USER
                                + ",{\"role\":\"assistant\",\"content\":null,\"function_call\":"
                                + "{\"name\":\"f\",\"arguments\":\"{}\"}},"
                                + "{\"role\":\"function\",\"name\":\"f\",\"content\":\"1\"}",
                        "");
        assertThat(conversation.messages().get(1).toolCalls())
                .containsExactly(new Message.ToolCall("", "f", "{}"));
        assertThat(conversation.messages().get(2).role()).isEqualTo(Message.Role.TOOL);
    }

    @Test
    void aConversationOfTextIsRead() {
        Conversation conversation = read("{\"role\":\"system\",\"content\":\"s\"}," + USER, "");
        assertThat(conversation.messages()).containsExactly(Message.system("s"), Message.user("x"));
        assertThat(conversation.tools()).isEmpty();
        assertThat(conversation.toolChoice()).isEqualTo(ToolChoice.NONE);
        assertThat(conversation.addGenerationPrompt()).isTrue();
        assertThat(conversation.continueFinalMessage()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "system,SYSTEM",
        "developer,SYSTEM",
        "user,USER",
        "assistant,ASSISTANT",
        "tool,TOOL",
        "function,TOOL",
        "ipython,TOOL"
    })
    void everyRoleIsKnown(String role, Role expected) {
        Message message =
                read("{\"role\":\"" + role + "\",\"content\":\"c\"}", "").messages().getFirst();
        assertThat(message.role()).isEqualTo(expected);
        assertThat(message.text()).isEqualTo("c");
    }

    @Test
    void contentCanBePartsOrAbsentBesideCalls() {
        Conversation conversation =
                read(
                        USER
                                + ",{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
                                + "{\"type\":\"text\",\"text\":\"b\"}]},{\"role\":\"user\",\"content\":[]},"
                                + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\","
                                + "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                                + "{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"r\"}",
                        "");
        assertThat(conversation.messages().get(1).parts())
                .containsExactly(new Message.Part.Text("a"), new Message.Part.Text("b"));
        assertThat(conversation.messages().get(2).parts()).isEmpty();
        Message calling = conversation.messages().get(3);
        assertThat(calling.parts()).isEmpty();
        assertThat(calling.toolCalls()).containsExactly(new Message.ToolCall("1", "f", "{}"));
        assertThat(conversation.messages().get(4).toolCallId()).isEqualTo("1");
    }

    @Test
    void nullIsAbsentAndUnknownFieldsAreIgnored() {
        Conversation conversation =
                read(
                        "{\"role\":\"user\",\"content\":\"x\",\"name\":\"n\",\"tool_calls\":null,"
                                + "\"tool_call_id\":null}",
                        ",\"tools\":null,\"tool_choice\":null,\"add_generation_prompt\":null,"
                                + "\"continue_final_message\":null,\"temperature\":1");
        assertThat(conversation).isEqualTo(read(USER, ""));
    }

    @Test
    void toolsCanBeWrappedOrBare() {
        String bare = "{\"name\":\"g\",\"description\":\"d\",\"strict\":true}";
        Conversation conversation = read(USER, ",\"tools\":[" + TOOL + "," + bare + "]");
        assertThat(conversation.tools().stream().map(Tool::name)).containsExactly("f", "g");
        assertThat(conversation.tools().getLast().definition().toString()).isEqualTo(bare);
        assertThat(conversation.toolChoice()).isEqualTo(ToolChoice.AUTO);
    }

    @Test
    void everyToolChoiceIsRead() {
        String tools = ",\"tools\":[" + TOOL + "],\"tool_choice\":";
        assertThat(read(USER, tools + "\"none\"").toolChoice()).isEqualTo(ToolChoice.NONE);
        assertThat(read(USER, tools + "\"auto\"").toolChoice()).isEqualTo(ToolChoice.AUTO);
        assertThat(read(USER, tools + "\"required\"").toolChoice()).isEqualTo(ToolChoice.REQUIRED);
        assertThat(
                        read(USER, tools + "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")
                                .toolChoice())
                .isEqualTo(new ToolChoice.Named("f"));
        assertThat(read(USER, ",\"tool_choice\":\"auto\"").toolChoice()).isEqualTo(ToolChoice.AUTO);
    }

    @Test
    void theLastMessageCanBeContinued() {
        Conversation conversation =
                read(
                        USER + ",{\"role\":\"assistant\",\"content\":\"y\"}",
                        ",\"continue_final_message\":true");
        assertThat(conversation.continueFinalMessage()).isTrue();
        assertThat(conversation.addGenerationPrompt()).isFalse();
        assertThat(read(USER, ",\"add_generation_prompt\":false").addGenerationPrompt()).isFalse();
        refused(
                "{\"messages\":[" + USER + "],\"continue_final_message\":true}",
                "continue_final_message");
        refused(
                "{\"messages\":[{\"role\":\"assistant\",\"content\":\"y\"}],"
                        + "\"continue_final_message\":true,\"add_generation_prompt\":true}",
                "continue_final_message");
    }

    @Test
    void loneSurrogatesAndBigNumbersSurvive() {
        Conversation conversation =
                read(
                        "{\"role\":\"user\",\"content\":\"\\ud800x\\udc00\"}",
                        ",\"tools\":[{\"name\":\"f\",\"parameters\":{\"a\":123456789012345678901234567890,"
                                + "\"b\":1.50,\"c\":0.1,\"d\":1e400}}]");
        assertThat(conversation.messages().getFirst().text()).isEqualTo("\ud800x\udc00");
        assertThat(
                        new Llama4Format(ChatFixtures.LLAMA4, Llama4Format.Options.DEFAULT)
                                .renderText(conversation))
                .contains("\"a\": 123456789012345678901234567890,")
                .contains("\"b\": 1.50,")
                .contains("\"c\": 0.1,")
                .contains("\"d\": 1E+400\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{", "[]", "1", "null", "{} {}", "{\"a\":01}", "\"\\u12\""})
    void whatIsNoObjectIsRefused(String json) {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> ConversationReader.read(json));
    }

    @Test
    void malformedMessagesAreNamed() {
        refused("{}", "messages");
        refused("{\"messages\":[]}", "messages");
        refused("{\"messages\":{}}", "messages");
        refused("{\"messages\":[1]}", "messages[0]");
        refused("{\"messages\":[{}]}", "messages[0].role");
        refused("{\"messages\":[" + USER + ",{\"role\":1}]}", "messages[1].role");
        refused("{\"messages\":[{\"role\":\"wizard\",\"content\":\"x\"}]}", "messages[0].role");
        refused("{\"messages\":[{\"role\":\"user\"}]}", "messages[0].content");
        refused("{\"messages\":[{\"role\":\"user\",\"content\":null}]}", "messages[0].content");
        refused("{\"messages\":[{\"role\":\"assistant\"}]}", "messages[0].content");
        refused("{\"messages\":[{\"role\":\"user\",\"content\":5}]}", "messages[0].content");
        refused("{\"messages\":[{\"role\":\"user\",\"content\":[5]}]}", "messages[0].content[0]");
        refused(
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"audio\"}]}]}",
                "messages[0].content[0].type");
        refused(
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}",
                "messages[0].content[0].text");
    }

    @Test
    void malformedCallsAreNamed() {
        String start = "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\",\"tool_calls\":";
        String path = "messages[0].tool_calls";
        refused(start + "5}]}", path);
        refused(start + "[5]}]}", path + "[0]");
        refused(start + "[{\"type\":\"code\"}]}]}", path + "[0].type");
        refused(start + "[{\"id\":\"1\"}]}]}", path + "[0].function");
        refused(start + "[{\"id\":\"1\",\"function\":{}}]}]}", path + "[0].function.name");
        refused(start + "[{\"function\":{\"name\":\"f\"}}]}]}", path + "[0].id");
        refused(
                start + "[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":{}}}]}]}",
                path + "[0].function.arguments");
        assertThat(
                        ConversationReader.read(
                                        start + "[{\"id\":\"1\",\"function\":{\"name\":\"f\"}}]}]}")
                                .messages()
                                .getFirst()
                                .toolCalls())
                .containsExactly(new Message.ToolCall("1", "f", ""));
    }

    @Test
    void aResultMustAnswerTheCallsBeforeIt() {
        String call =
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"%s\",\"function\":{\"name\":\"f\"}}]}";
        String result = "{\"role\":\"tool\",\"tool_call_id\":\"%s\",\"content\":\"r\"}";
        refused("{\"messages\":[" + result.formatted("a") + "]}", "messages[0].tool_call_id");
        refused(
                "{\"messages\":["
                        + call.formatted("a")
                        + ","
                        + call.formatted("b")
                        + ","
                        + result.formatted("a")
                        + "]}",
                "messages[2].tool_call_id");
        refused(
                "{\"messages\":[{\"role\":\"tool\",\"tool_call_id\":1,\"content\":\"r\"}]}",
                "messages[0].tool_call_id");
        assertThat(
                        read(
                                        call.formatted("a")
                                                + ","
                                                + result.formatted("a")
                                                + ","
                                                + result.formatted("a"),
                                        "")
                                .messages())
                .hasSize(3);
        assertThat(read("{\"role\":\"function\",\"name\":\"f\",\"content\":\"r\"}", "").messages())
                .hasSize(1);
    }

    @Test
    void malformedToolsAreNamed() {
        String start = "{\"messages\":[" + USER + "],\"tools\":";
        refused(start + "[]}", "tools");
        refused(start + "{}}", "tools");
        refused(start + "[5]}", "tools[0]");
        refused(start + "[{}]}", "tools[0].name");
        refused(start + "[{\"type\":\"web\",\"function\":{}}]}", "tools[0].type");
        refused(start + "[{\"function\":5}]}", "tools[0].function");
        refused(start + "[{\"function\":{\"name\":\"bad name!\"}}]}", "tools[0].function.name");
        refused(start + "[{\"name\":\"\"}]}", "tools[0].name");
        refused(start + "[{\"name\":\"" + "a".repeat(65) + "\"}]}", "tools[0].name");
        refused(start + "[{\"name\":\"f\",\"parameters\":[]}]}", "tools[0].parameters");
        refused(start + "[" + TOOL + "," + TOOL + "]}", "tools[1].function.name");
        String many =
                IntStream.range(0, 129)
                        .mapToObj(i -> "{\"name\":\"f" + i + "\"}")
                        .collect(Collectors.joining(",", "[", "]"));
        refused(start + many + "}", "tools");
    }

    @Test
    void impossibleToolChoicesAreNamed() {
        String start = "{\"messages\":[" + USER + "],";
        String tools = "\"tools\":[" + TOOL + "],";
        refused(start + "\"tool_choice\":\"required\"}", "tool_choice");
        for (String choice :
                List.of(
                        "\"maybe\"",
                        "5",
                        "{}",
                        "{\"type\":\"function\"}",
                        "{\"type\":\"function\",\"function\":{}}",
                        "{\"type\":\"function\",\"function\":{\"name\":\"zzz\"}}")) {
            refused(start + tools + "\"tool_choice\":" + choice + "}", "tool_choice");
        }
    }

    @Test
    void flagsMustBeBooleans() {
        refused(
                "{\"messages\":[" + USER + "],\"add_generation_prompt\":1}",
                "add_generation_prompt");
        refused(
                "{\"messages\":[" + USER + "],\"continue_final_message\":\"yes\"}",
                "continue_final_message");
    }

    @Test
    void deepJsonIsRefused() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> ConversationReader.read("{\"x\":" + deep + "}"));
    }

    @Test
    void damagedRequestsAreReadOrRefused() {
        long seed = 20_251_122;
        SplittableRandom random = new SplittableRandom(seed);
        List<String> requests =
                ChatFixtures.ROWS.stream().map(row -> row.node().toString()).toList();
        for (int round = 0; round < 3_000; round++) {
            StringBuilder request =
                    new StringBuilder(requests.get(random.nextInt(requests.size())));
            if (request.length() > 5_000) {
                continue;
            }
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                int at = random.nextInt(request.length());
                switch (random.nextInt(3)) {
                    case 0 -> request.deleteCharAt(at);
                    case 1 -> request.insert(at, "{}[]\",:0nt\\".charAt(random.nextInt(11)));
                    default -> request.setCharAt(at, (char) random.nextInt(0x20, 0x250));
                }
            }
            try {
                ConversationReader.read(request.toString());
            } catch (InvalidRequest e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + " round " + round + ": " + request, e);
            }
        }
    }
}

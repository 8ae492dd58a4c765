package org.scout4j.chat;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.scout4j.chat.ChatFixtures.Row;
import org.scout4j.chat.Llama4Format.Options;
import org.scout4j.chat.Llama4Format.Profile;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.databind.json.JsonMapper;

class Llama4FormatTest {
    private static final Tokenizer LLAMA4 = ChatFixtures.LLAMA4;

    /**
     * Rows of the hf profile in which the reference turns text that a user, a tool or a tool's
     * description typed into control tokens. Their ids must not be matched.
     */
    private static final Map<String, String> UNSAFE =
            Map.of(
                    "c011-typed-eot-hf", "a user closes the turn and opens a system turn",
                    "c013-typed-image-token-hf", "a user types an image token, which is expanded",
                    "c015-typed-python-hf", "a user types the python tokens",
                    "c017-typed-in-system-hf", "a system prompt mentions <|eom|>",
                    "c019-typed-in-assistant-hf", "an answer in history mentions <|eot|>",
                    "c070-tool-unicode-result-hf", "a tool result contains <|eot|>",
                    "c075-tool-desc-injection-hf", "a description closes the turn");

    /** A row in one of its profiles. */
    record Case(Profile profile, Row row) {
        boolean isUnsafe() {
            return UNSAFE.containsKey(row.id());
        }

        @Override
        public String toString() {
            return profile + " " + row;
        }
    }

    static Stream<Case> safeCases() {
        return cases().filter(example -> !example.isUnsafe());
    }

    static Stream<Case> unsafeCases() {
        return cases().filter(Case::isUnsafe);
    }

    private static Stream<Case> cases() {
        return Arrays.stream(Profile.values())
                .flatMap(profile ->
                        ChatFixtures.ROWS.stream()
                                .filter(row -> row.hasProfile(name(profile)))
                                .map(row -> new Case(profile, row)));
    }

    private static String name(Profile profile) {
        return profile.name().toLowerCase(Locale.ROOT);
    }

    private static Llama4Format format(Profile profile) {
        return new Llama4Format(LLAMA4, Options.of(profile));
    }

    @ParameterizedTest
    @MethodSource("safeCases")
    void everyProfileGivesTheIdsOfItsReference(Case example) {
        Llama4Format format = format(example.profile);
        Conversation conversation = example.row.conversation();
        List<ImageLayout> images = example.row.layouts();
        assertThat(format.renderText(conversation, images)).isEqualTo(example.row.renderedText());
        assertThat(format.render(conversation, images).tokens()).isEqualTo(example.row.ids());
    }

    @ParameterizedTest
    @MethodSource("unsafeCases")
    void typedControlTokensStayTextWhereTheReferenceIsUnsafe(Case example) {
        Llama4Format format = format(example.profile);
        Conversation conversation = example.row.conversation();
        int[] tokens = format.render(conversation).tokens();
        boolean image = example.row.id().startsWith("c013");
        assertThat(example.profile).isEqualTo(Profile.HF);
        assertThat(shown(tokens))
                .isEqualTo(format.renderText(conversation))
                .isEqualTo(image ? typedImageText() : example.row.renderedText());
        assertThat(controls(tokens)).isEqualTo(controlsOf(conversation));
    }

    /** The row itself shows the expanded image. */
    private static String typedImageText() {
        return "<|begin_of_text|><|header_start|>user<|header_end|>\n\n"
                + "what is <|image|> and <|patch|>?<|eot|>"
                + "<|header_start|>assistant<|header_end|>\n\n";
    }

    @Test
    void allRowsWereRun() {
        assertThat(ChatFixtures.ROWS).hasSize(82);
        assertThat(ChatFixtures.ROWS.stream().filter(Row::hasImages)).hasSize(9);
        assertThat(safeCases().collect(groupingBy(Case::profile, counting())))
                .isEqualTo(Map.of(Profile.SCOUT4J, 49L, Profile.META, 39L, Profile.HF, 19L));
        assertThat(unsafeCases()).hasSize(UNSAFE.size());
    }

    /** Tokens as text, control tokens by name. */
    private static String shown(int[] tokens) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int i = 0; i <= tokens.length; i++) {
            if (i == tokens.length || LLAMA4.special().contains(tokens[i])) {
                text.append(LLAMA4.decode(Arrays.copyOfRange(tokens, from, i)));
                if (i < tokens.length) {
                    text.append(LLAMA4.special().byId().get(tokens[i]));
                }
                from = i + 1;
            }
        }
        return text.toString();
    }

    private static List<String> controls(int[] tokens) {
        return Arrays.stream(tokens)
                .filter(LLAMA4.special()::contains)
                .mapToObj(token -> LLAMA4.special().byId().get(token))
                .toList();
    }

    /**
     * What the hf profile itself writes for a conversation without leading system turns to merge.
     */
    private static List<String> controlsOf(Conversation conversation) {
        List<String> controls = new ArrayList<>(List.of(SpecialTokens.BEGIN_OF_TEXT));
        for (Message message : conversation.messages()) {
            controls.add(SpecialTokens.HEADER_START);
            controls.add(SpecialTokens.HEADER_END);
            if (!message.toolCalls().isEmpty()) {
                controls.add(SpecialTokens.PYTHON_START);
                controls.add(SpecialTokens.PYTHON_END);
            }
            controls.add(SpecialTokens.END_OF_TURN);
        }
        controls.add(SpecialTokens.HEADER_START);
        controls.add(SpecialTokens.HEADER_END);
        return controls;
    }

    // Rules of spec "Chat" §1 and §3 that no fixture shows

    private static Message calling(String name, String arguments) {
        return new Message(
                Message.Role.ASSISTANT,
                List.of(),
                List.of(new Message.ToolCall("c", name, arguments)),
                null);
    }

    private static String callText(Profile profile, String arguments) {
        Conversation conversation =
                new Conversation(
                        List.of(calling("f", arguments)), List.of(), ToolChoice.AUTO, false, true);
        String text = format(profile).renderText(conversation);
        return text.substring(text.indexOf("\n\n") + 2);
    }

    @Test
    void callsAreValidPythonWhateverTheArguments() {
        assertThat(callText(Profile.SCOUT4J, "{}")).isEqualTo("[f()]");
        assertThat(callText(Profile.SCOUT4J, "")).isEqualTo("[f()]");
        assertThat(callText(Profile.SCOUT4J, " \n")).isEqualTo("[f()]");
        assertThat(callText(Profile.SCOUT4J, "null")).isEqualTo("[f()]");
        assertThat(callText(Profile.SCOUT4J, "{\"a\":true,\"b\":null,\"c\":[1,{\"d e\":false}]}"))
                .isEqualTo("[f(a=True, b=None, c=[1, {\"d e\": False}])]");
        assertThat(callText(Profile.SCOUT4J, "{\"odd key\":1,\"b\":2}"))
                .isEqualTo("[f(**{\"odd key\": 1, \"b\": 2})]");
        assertThat(callText(Profile.SCOUT4J, "{\"größe\":1,\"from\":2,\"_x1\":3}"))
                .isEqualTo("[f(größe=1, from=2, _x1=3)]");
        assertThat(callText(Profile.SCOUT4J, "{\"a\":1,\"b\":2,\"a\":3}"))
                .isEqualTo("[f(a=3, b=2)]");
    }

    @Test
    void unparsableArgumentsAreOneString() {
        assertThat(callText(Profile.SCOUT4J, "{bad")).isEqualTo("[f(**\"{bad\")]");
        assertThat(callText(Profile.SCOUT4J, "[1]")).isEqualTo("[f(**\"[1]\")]");
        assertThat(callText(Profile.SCOUT4J, "{} {}")).isEqualTo("[f(**\"{} {}\")]");
        String deep = "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}";
        assertThat(callText(Profile.SCOUT4J, deep)).startsWith("[f(**\"{\\\"a\\\":[");
    }

    @Test
    void numbersKeepTheirSpelling() {
        String numbers = "{\"a\":1e5,\"b\":-0.0,\"c\":1.50,\"d\":123456789012345678901234567890}";
        assertThat(callText(Profile.SCOUT4J, numbers))
                .isEqualTo("[f(a=1e5, b=-0.0, c=1.50, d=123456789012345678901234567890)]");
        assertThat(callText(Profile.HF, numbers))
                .contains("{\"a\": 1e5, \"b\": -0.0, \"c\": 1.50, \"d\": 1234567890");
    }

    @Test
    void metaWritesCallsUnescaped() {
        assertThat(callText(Profile.META, "{\"s\":\"say \\\"hi\\\"\",\"d\":{\"k\":[1,\"x\"]}}"))
                .isEqualTo("[f(s=\"say \"hi\"\", d={k=[1, \"x\"]})]");
    }

    @Test
    void toolResultsCanBeRaw() {
        Conversation conversation =
                new Conversation(
                        List.of(
                                new Message(
                                        Message.Role.TOOL,
                                        List.of(new Message.Part.Text("{\"a\": 1}")),
                                        List.of(),
                                        null)),
                        List.of(),
                        ToolChoice.AUTO,
                        false,
                        false);
        assertThat(format(Profile.SCOUT4J).renderText(conversation))
                .endsWith("\n\n\"{\\\"a\\\": 1}\"<|eot|>");
        assertThat(
                        new Llama4Format(LLAMA4, new Options(Profile.SCOUT4J, true, false))
                                .renderText(conversation))
                .endsWith("\n\n{\"a\": 1}<|eot|>");
    }

    private static Conversation withTool(ToolChoice choice) {
        return new Conversation(
                List.of(Message.user("x")), List.of(tool("f"), tool("g")), choice, true, false);
    }

    private static Tool tool(String name) {
        return new Tool(name, JsonMapper.shared().readTree("{\"name\":\"" + name + "\"}"));
    }

    @Test
    void definitionsCanStayWhenNoCallIsAllowed() {
        Llama4Format keeping = new Llama4Format(LLAMA4, new Options(Profile.SCOUT4J, false, true));
        assertThat(format(Profile.SCOUT4J).renderText(withTool(ToolChoice.NONE)))
                .doesNotContain("functions");
        assertThat(keeping.renderText(withTool(ToolChoice.NONE)))
                .isEqualTo(keeping.renderText(withTool(ToolChoice.AUTO)))
                .contains("functions");
    }

    @Test
    void aChoiceThatNoToolAllowsIsRefused() {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(
                        () -> format(Profile.SCOUT4J).render(withTool(new ToolChoice.Named("h"))))
                .satisfies(e -> assertThat(e.param()).contains("tool_choice"));
        Conversation noTools =
                new Conversation(
                        List.of(Message.user("x")), List.of(), ToolChoice.REQUIRED, true, false);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> format(Profile.META).render(noTools))
                .satisfies(e -> assertThat(e.param()).contains("tool_choice"));
    }

    @Test
    void huggingFaceNeedsAMessageForItsTools() {
        Conversation conversation =
                new Conversation(
                        List.of(Message.system("s")),
                        List.of(tool("f")),
                        ToolChoice.AUTO,
                        true,
                        false);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> format(Profile.HF).render(conversation))
                .satisfies(e -> assertThat(e.param()).contains("messages"));
    }

    @ParameterizedTest
    @EnumSource
    void theLastMessageCanBeLeftOpen(Profile profile) {
        List<Message> messages = List.of(Message.user("a"), Message.assistant("b "));
        Conversation open = new Conversation(messages, List.of(), ToolChoice.AUTO, false, true);
        Conversation closed = new Conversation(messages, List.of(), ToolChoice.AUTO, false, false);
        Llama4Format format = format(profile);
        assertThat(format.renderText(open)).endsWith("assistant<|header_end|>\n\nb ");
        assertThat(format.renderText(closed)).isEqualTo(format.renderText(open) + "<|eot|>");
        int[] ids = format.render(closed).tokens();
        assertThat(format.render(open).tokens()).isEqualTo(Arrays.copyOf(ids, ids.length - 1));
    }

    @Test
    void onlyAnAnswerCanBeContinued() {
        for (List<Message> messages : List.of(List.<Message>of(), List.of(Message.user("a")))) {
            Conversation open = new Conversation(messages, List.of(), ToolChoice.AUTO, false, true);
            assertThatExceptionOfType(InvalidRequest.class)
                    .isThrownBy(() -> format(Profile.SCOUT4J).render(open))
                    .satisfies(e -> assertThat(e.param()).contains("continue_final_message"));
        }
        Conversation both =
                new Conversation(
                        List.of(Message.assistant("a")), List.of(), ToolChoice.AUTO, true, true);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> format(Profile.SCOUT4J).render(both));
    }

    @Test
    void systemTextIsTrimmedAsPythonTrims() {
        Conversation conversation =
                Conversation.of(
                        List.of(Message.system("\u001c\u00a0 x\u2028"), Message.user(" y ")));
        assertThat(format(Profile.SCOUT4J).renderText(conversation))
                .contains("system<|header_end|>\n\nx<|eot|>")
                .contains("user<|header_end|>\n\n y <|eot|>");
        assertThat(format(Profile.META).renderText(conversation))
                .contains("system<|header_end|>\n\n\u001c\u00a0 x\u2028<|eot|>");
    }

    @Test
    void nothingIsMadeUp() {
        Conversation empty = new Conversation(List.of(), List.of(), ToolChoice.AUTO, true, false);
        assertThat(format(Profile.SCOUT4J).renderText(empty))
                .isEqualTo("<|begin_of_text|><|header_start|>assistant<|header_end|>\n\n");
    }

    @Test
    void loneSurrogatesBecomeReplacementCharacters() {
        Conversation conversation = Conversation.of(List.of(Message.user("a\ud800b")));
        assertThat(LLAMA4.decode(format(Profile.SCOUT4J).render(conversation).tokens()))
                .contains("a\ufffdb");
    }

    @Test
    void aVocabularyWithoutItsControlTokensIsRefused() {
        Tokenizer foreign = new WordTokenizer(Set.of("<s>", "</s>"));
        assertThatThrownBy(() -> new Llama4Format(foreign, Options.DEFAULT))
                .isInstanceOf(IllegalStateException.class);
        Tokenizer nano =
                new WordTokenizer(
                        Set.of(
                                SpecialTokens.BEGIN_OF_TEXT,
                                SpecialTokens.HEADER_START,
                                SpecialTokens.HEADER_END,
                                SpecialTokens.END_OF_TURN));
        new Llama4Format(nano, Options.DEFAULT);
        assertThatThrownBy(() -> new Llama4Format(nano, Options.of(Profile.META)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("<|eom|>");
    }
}

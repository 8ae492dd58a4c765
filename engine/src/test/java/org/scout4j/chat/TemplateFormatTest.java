package org.scout4j.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.chat.ChatFixtures.Row;
import org.scout4j.chat.TemplateFormat.Edges;
import org.scout4j.chat.template.Template;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.databind.json.JsonMapper;

class TemplateFormatTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2025-04-05T07:08:09Z"), ZoneOffset.UTC);

    /** The template that the embedded model carries. */
    private static final String SCOUT = ChatFixtures.resource("/golden/template/chat/scout.jinja");

    private static TemplateFormat format(String template, Tokenizer tokenizer, Edges edges) {
        return new TemplateFormat(Template.compile(template), tokenizer, edges, CLOCK);
    }

    private static TemplateFormat scout() {
        Edges edges = new Edges(Optional.of("<|begin_of_text|>"), Optional.of("<|eot|>"), false);
        return format(SCOUT, ChatFixtures.LLAMA4, edges);
    }

    private static Edges edges(boolean addBegin) {
        return new Edges(Optional.of("<s>"), Optional.of("</s>"), addBegin);
    }

    static Stream<Row> textRows() {
        return ChatFixtures.ROWS.stream()
                .filter(row -> row.hasProfile("scout4j") && !row.hasImages());
    }

    /**
     * Templates know no {@code tool_choice}: the line that demands a call is missing, everything
     * else is the same.
     */
    private static Conversation withoutDemand(Conversation conversation) {
        return switch (conversation.toolChoice()) {
            case ToolChoice.Auto _, ToolChoice.None _ -> conversation;
            case ToolChoice.Required _, ToolChoice.Named _ ->
                    new Conversation(
                            conversation.messages(),
                            Tools.offered(conversation, false),
                            ToolChoice.AUTO,
                            conversation.addGenerationPrompt(),
                            conversation.continueFinalMessage());
        };
    }

    @ParameterizedTest
    @MethodSource("textRows")
    void theEmbeddedTemplateGivesTheSameIdsAsTheCode(Row row) {
        Conversation conversation = row.conversation();
        Llama4Format code = new Llama4Format(ChatFixtures.LLAMA4, Llama4Format.Options.DEFAULT);
        Conversation expected = withoutDemand(conversation);
        assertThat(scout().renderText(conversation)).isEqualTo(code.renderText(expected));
        assertThat(scout().render(conversation).tokens()).isEqualTo(code.render(expected).tokens());
    }

    @Test
    void theEmbeddedTemplateGivesTheGoldenIds() {
        List<Row> rows =
                textRows()
                        .filter(row -> row.conversation().equals(withoutDemand(row.conversation())))
                        .toList();
        assertThat(rows).hasSize(38);
        for (Row row : rows) {
            assertThat(scout().render(row.conversation()).tokens())
                    .as(row.id())
                    .isEqualTo(row.ids());
        }
    }

    @Test
    void theEmbeddedTemplateWritesImagesAsTheCodeDoes() {
        List<Row> rows = ChatFixtures.ROWS.stream().filter(Row::hasImages).toList();
        assertThat(rows).hasSize(9);
        for (Row row : rows) {
            assertThat(scout().render(row.conversation(), row.layouts()).tokens())
                    .as(row.id())
                    .isEqualTo(row.ids());
            assertThat(scout().renderText(row.conversation(), row.layouts()))
                    .as(row.id())
                    .isEqualTo(row.renderedText());
        }
    }

    @Test
    void aTemplateThatWritesNoImageTokenCannotShowImages() {
        Row row = ChatFixtures.ROWS.stream().filter(Row::hasImages).findFirst().orElseThrow();
        TemplateFormat textOnly =
                format(
                        "{% for m in messages %}{% for p in m.content %}{{ p.text }}{% endfor %}"
                                + "{% endfor %}",
                        ChatFixtures.LLAMA4, new Edges(Optional.empty(), Optional.empty(), false));
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> textOnly.render(row.conversation(), row.layouts()))
                .withMessageContaining("image token");
    }

    private static int[] tokens(TemplateFormat format, Message... messages) {
        return format.render(Conversation.of(List.of(messages))).tokens();
    }

    @Test
    void onlyWhatTheTemplateWritesIsControl() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>", "<u>", "<a>", "</s>"));
        TemplateFormat format =
                format(
                        "{{ bos_token }}{% for m in messages %}{{ '<' + m.role[0] + '>' }}"
                                + "{{ m.content }}{% endfor %}<a>",
                        words, edges(false));
        int begin = words.special().require("<s>");
        int user = words.special().require("<u>");
        int answer = words.special().require("<a>");
        assertThat(tokens(format, Message.user("<a>")))
                .containsExactly(begin, user, '<', 'a', '>', answer);
        assertThat(tokens(format, Message.user("<s>"), Message.user("s>")))
                .containsExactly(begin, user, '<', 's', '>', user, 's', '>', answer);
    }

    @Test
    void aNameHalfTypedByAUserIsText() {
        WordTokenizer words = new WordTokenizer(Set.of("<|x|>"));
        Edges none = new Edges(Optional.empty(), Optional.empty(), false);
        assertThat(tokens(format("<|{{ messages[0].content }}|>", words, none), Message.user("x")))
                .containsExactly('<', '|', 'x', '|', '>');
        assertThat(tokens(format("{{ messages[0].content }}x|>", words, none), Message.user("<|")))
                .containsExactly('<', '|', 'x', '|', '>');
        assertThat(tokens(format("{{ '<|' ~ 'x' }}{{ '|>' }}", words, none)))
                .containsExactly(words.special().require("<|x|>"));
    }

    @Test
    void theLongestNameWins() {
        WordTokenizer words = new WordTokenizer(Set.of("<a", "<a>b", "c"));
        Edges none = new Edges(Optional.empty(), Optional.empty(), false);
        int shorter = words.special().require("<a");
        int longer = words.special().require("<a>b");
        int single = words.special().require("c");
        assertThat(tokens(format("<a>bx<a>x<ac", words, none)))
                .containsExactly(longer, 'x', shorter, '>', 'x', shorter, single);
    }

    @Test
    void lineBreaksOfAHeaderAreEncodedOnTheirOwn() {
        WordTokenizer words = new WordTokenizer(Set.of("<h>"));
        Edges none = new Edges(Optional.empty(), Optional.empty(), false);
        TemplateFormat format =
                format("<h>\n\n{{ messages[0].content }} and <h> x<h>\nend", words, none);
        words.encoded();
        tokens(format, Message.user("\nhi"));
        assertThat(words.encoded()).containsExactly("\n\n", "\nhi and ", " x", "\n", "end");
    }

    @Test
    void thereIsExactlyOneBegin() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        int begin = words.special().require("<s>");
        for (boolean add : new boolean[] {false, true}) {
            assertThat(tokens(format("<s>x", words, edges(add)))).containsExactly(begin, 'x');
            assertThat(tokens(format("<s>{{ bos_token }}x<s>", words, edges(add))))
                    .containsExactly(begin, 'x', begin);
        }
        assertThat(tokens(format("x", words, edges(false)))).containsExactly('x');
        assertThat(tokens(format("x", words, edges(true)))).containsExactly(begin, 'x');
        assertThat(format("x", words, edges(true)).renderText(Conversation.of(List.of())))
                .isEqualTo("<s>x");
    }

    @Test
    void theLastMessageCanBeLeftOpen() {
        List<Message> messages = List.of(Message.user("a"), Message.assistant("so\uFDD0 far,\n "));
        Conversation open = new Conversation(messages, List.of(), ToolChoice.AUTO, false, true);
        assertThat(scout().renderText(open))
                .isEqualTo(
                        new Llama4Format(ChatFixtures.LLAMA4, Llama4Format.Options.DEFAULT)
                                .renderText(open))
                .endsWith("so\uFDD0 far,\n ");
        assertThat(scout().render(open).tokens())
                .isEqualTo(
                        new Llama4Format(ChatFixtures.LLAMA4, Llama4Format.Options.DEFAULT)
                                .render(open)
                                .tokens());
    }

    @Test
    void aTextFullOfMarksIsLeftOpenSoon() {
        String marks = "\uFDD0".repeat(1_000_000);
        Conversation open =
                new Conversation(
                        List.of(Message.assistant("a" + marks)),
                        List.of(),
                        ToolChoice.AUTO,
                        false,
                        true);
        assertThat(scout().renderText(open)).endsWith("a" + marks);
    }

    @Test
    void aTemplateThatTrimsDoesNotTrimAnOpenMessage() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        TemplateFormat format =
                format(
                        "{% for m in messages %}[{{ m.content | trim }}]{% endfor %}",
                        words, edges(false));
        Conversation open =
                new Conversation(
                        List.of(Message.user(" a "), Message.assistant("b \n")),
                        List.of(),
                        ToolChoice.AUTO,
                        false,
                        true);
        assertThat(format.renderText(open)).isEqualTo("[a][b \n");
    }

    @Test
    void anOpenMessageThatTheTemplateHidesIsRefused() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        Conversation open =
                new Conversation(
                        List.of(Message.assistant("b")), List.of(), ToolChoice.AUTO, false, true);
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> format("nothing", words, edges(false)).render(open))
                .satisfies(e -> assertThat(e.param()).contains("continue_final_message"));
    }

    private static Conversation withCall(String arguments) {
        Message calling =
                new Message(
                        Message.Role.ASSISTANT,
                        List.of(),
                        List.of(new Message.ToolCall("id1", "f", arguments)),
                        null);
        Message result =
                new Message(
                        Message.Role.TOOL, List.of(new Message.Part.Text("r")), List.of(), "id1");
        return Conversation.of(List.of(Message.user("u"), calling, result));
    }

    @Test
    void argumentsAreObjectsUnlessTheTemplateWantsText() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        String objects =
                "{% for m in messages %}{% for c in m.tool_calls %}{{ c.function.arguments | tojson"
                        + " }}{% endfor %}{% endfor %}";
        String texts =
                "{% for m in messages %}{% for c in m.tool_calls %}{{ '' + c.function.arguments }}"
                        + "{% endfor %}{% endfor %}";
        assertThat(format(objects, words, edges(false)).renderText(withCall("{\"a\":1.0}")))
                .isEqualTo("{\"a\": 1.0}");
        assertThat(format(texts, words, edges(false)).renderText(withCall("{\"a\":1.0}")))
                .isEqualTo("{\"a\": 1.0}");
        assertThat(format(objects, words, edges(false)).renderText(withCall("{bad")))
                .isEqualTo("\"{bad\"");
        assertThat(format(objects, words, edges(false)).renderText(withCall(""))).isEqualTo("{}");
    }

    @Test
    void contentBesideCallsIsNoneUnlessTheTemplatePrintsIt() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        String calls = "{% for c in m.tool_calls %}{{ c.function | tojson }}{% endfor %}";
        String prints = "{% for m in messages %}[{{ m.content }}" + calls + "]{% endfor %}";
        String asks =
                "{% for m in messages %}[{% if m.content is none %}"
                        + calls
                        + "{% else %}{{ m.content }}{% endif %}]{% endfor %}";
        String expected = "[u][{\"name\": \"f\", \"arguments\": {}}][r]";
        assertThat(format(prints, words, edges(false)).renderText(withCall("{}")))
                .isEqualTo(expected);
        assertThat(format(asks, words, edges(false)).renderText(withCall("{}")))
                .isEqualTo(expected);
    }

    @Test
    void aTemplateCanKnowThatACallIsRequired() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        TemplateFormat format = format("{{ tool_choice | default('free') }}", words, edges(false));
        List<Tool> tools = List.of(new Tool("f", JsonMapper.shared().readTree("{\"name\":\"f\"}")));
        assertThat(
                        Stream.of(ToolChoice.AUTO, ToolChoice.REQUIRED, new ToolChoice.Named("f"))
                                .map(c -> new Conversation(List.of(), tools, c, true, false))
                                .map(format::renderText))
                .containsExactly("free", "required", "required");
    }

    @Test
    void aTemplateSeesMessagesAsHuggingFaceShowsThem() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>", "</s>"));
        TemplateFormat format =
                format("{{ messages | tojson }} {{ tools }} {{ eos_token }}", words, edges(false));
        assertThat(format.renderText(withCall("{}")))
                .isEqualTo(
                        "[{\"role\": \"user\", \"content\": \"u\"}, {\"role\": \"assistant\","
                                + " \"content\": null, \"tool_calls\": [{\"id\": \"id1\", \"type\":"
                                + " \"function\", \"function\": {\"name\": \"f\", \"arguments\": {}}}]},"
                                + " {\"role\": \"tool\", \"content\": \"r\", \"tool_call_id\": \"id1\","
                                + " \"name\": \"f\"}] None </s>");
    }

    @Test
    void toolsAreOfferedAsTheChoiceAllows() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        TemplateFormat format =
                format(
                        "{{ tools | map(attribute='function.name') | join(',') if tools }}",
                        words,
                        new Edges(Optional.empty(), Optional.empty(), false));
        List<Tool> tools =
                Stream.of("f", "g")
                        .map(name ->
                                new Tool(
                                        name,
                                        JsonMapper.shared()
                                                .readTree("{\"name\":\"" + name + "\"}")))
                        .toList();
        List<Message> messages = List.of(Message.user("x"));
        assertThat(
                        Stream.of(
                                        ToolChoice.AUTO,
                                        ToolChoice.REQUIRED,
                                        ToolChoice.NONE,
                                        new ToolChoice.Named("g"))
                                .map(c -> new Conversation(messages, tools, c, true, false))
                                .map(format::renderText))
                .containsExactly("f,g", "f,g", "", "g");
    }

    @Test
    void theClockIsTheCallers() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        assertThat(
                        format("{{ strftime_now('%d %B %Y') }}", words, edges(false))
                                .renderText(Conversation.of(List.of())))
                .isEqualTo("05 April 2025");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ raise_exception('turns must alternate') }}",
                "{{ messages[0].content.missing.deeper }}",
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}"
            })
    void whatATemplateCannotRenderIsARefusedRequest(String template) {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        TemplateFormat format = format(template, words, edges(false));
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> tokens(format, Message.user("x")))
                .withMessageContaining("chat template")
                .satisfies(e -> assertThat(e.param()).contains("messages"));
    }

    @Test
    void aRefusalCarriesTheTemplatesWords() {
        WordTokenizer words = new WordTokenizer(Set.of("<s>"));
        TemplateFormat format =
                format("{{ raise_exception('turns must alternate') }}", words, edges(false));
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> tokens(format))
                .withMessageEndingWith("turns must alternate");
    }

    @Test
    void largeConversationsAreRendered() {
        String megabyte = "0123456789abcdef".repeat(1 << 16);
        int[] tokens = scout().render(Conversation.of(List.of(Message.user(megabyte)))).tokens();
        assertThat(ChatFixtures.LLAMA4.decode(tokens)).contains(megabyte);
        Message[] many = new Message[4_000];
        Arrays.fill(many, Message.user("x"));
        assertThat(tokens(scout(), many)).hasSizeGreaterThan(4_000);
    }
}

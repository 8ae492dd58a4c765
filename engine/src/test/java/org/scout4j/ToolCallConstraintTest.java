package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.Message;
import org.scout4j.chat.Tool;
import org.scout4j.chat.ToolChoice;
import org.scout4j.error.InvalidRequest;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;
import tools.jackson.databind.json.JsonMapper;

/** What free text may be while tools can be called: anything, but calls that begin are held. */
class ToolCallConstraintTest {
    private static final Tokenizer TINY = open("model/scout-tiny/tokenizer.json");
    private static final Tokenizer LLAMA4 = open("tokenizer/tokenizer.model");
    private static final AnswerGrammars OF_TINY = new AnswerGrammars(TINY, Set.of());
    private static final AnswerGrammars OF_LLAMA4 = new AnswerGrammars(LLAMA4, Set.of());
    private static final int[] BYTE_TOKENS = byteTokens();

    private static final List<Tool> TOOLS =
            ConversationReader.tools(
                    JsonMapper.shared()
                            .readTree(
                                    """
                                    [{"type":"function","function":{"name":"add","strict":true,"parameters":{
                                        "type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},
                                        "required":["a"],"additionalProperties":false}}},
                                     {"type":"function","function":{"name":"now","strict":true}}]
                                    """),
                    "tools");

    private static Tokenizer open(String file) {
        return Tokenizers.open(Path.of("src/test/resources/golden").resolve(file));
    }

    private static int[] byteTokens() {
        int[] tokens = new int[256];
        for (int id = 0; id < TINY.vocabularySize(); id++) {
            if (!TINY.special().contains(id) && TINY.bytes(id).length == 1) {
                tokens[TINY.bytes(id)[0] & 0xFF] = id;
            }
        }
        return tokens;
    }

    private static TokenConstraint constraint(AnswerGrammars grammars, boolean parallel) {
        Conversation conversation =
                new Conversation(List.of(Message.user("x")), TOOLS, ToolChoice.AUTO, true, false);
        AnswerOptions options = AnswerOptions.builder().parallelToolCalls(parallel).build();
        return Objects.requireNonNull(grammars.of(options, conversation).constraint()).get();
    }

    private static boolean take(TokenConstraint constraint, int token) {
        TokenSet allowed = new TokenSet(constraint.vocabulary());
        constraint.mask(allowed);
        assertThat(allowed.count() > 0 || constraint.mayEnd()).isTrue();
        if (!allowed.contains(token)) {
            return false;
        }
        int[] expected = constraint.completionAfter(token);
        constraint.accept(token);
        assertThat(constraint.completion()).isEqualTo(expected);
        return true;
    }

    /** Bytes of a text that are taken one by one. */
    private static int taken(TokenConstraint constraint, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at++) {
            if (!take(constraint, BYTE_TOKENS[bytes[at] & 0xFF])) {
                return at;
            }
        }
        return bytes.length;
    }

    private static boolean takes(String text) {
        TokenConstraint constraint = constraint(OF_TINY, true);
        return taken(constraint, text) == text.getBytes(StandardCharsets.UTF_8).length
                && constraint.mayEnd();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[add(a=1)]",
                "[ add (a=1, b=2)]",
                "Let me see.\n[add(a=1, b=-2), now()]",
                "Sum: [now()] and so on",
                "{\"name\": \"add\", \"parameters\": {\"a\": 1}}",
                "{\"type\":\"function\",\"name\":\"add\",\"arguments\":{\"a\":1,\"b\":2}}",
                "{'name': 'now', \"parameters\": {}}",
                "{\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":{\"a\":1}}}",
                "{\"function\":{\"name\":\"now\",\"parameters\":{}},\"type\":\"function\"}",
                "{\"function\":\"add\",\"parameters\":{\"a\":1}}",
                "{\"name\":\"now\",\"parameters\":{}}; {\"name\":\"add\",\"parameters\":{\"a\":0}}",
                "[{\"name\":\"add\",\"parameters\":{\"a\":1}}]",
                "[{\"name\":\"now\",\"parameters\":{}}, {\"name\":\"add\",\"arguments\":{\"a\":1}}]",
                "[{\"function\":{\"name\":\"now\",\"arguments\":{}}}]",
                "<function=add>{\"a\": 1}</function>",
                "<function=add{\"a\": 1}</function>",
                "<function=now>{}</function><function=add>{\"a\":1}</function> done"
            })
    void callsThatAreRightAreTaken(String text) {
        assertThat(takes(text)).isTrue();
    }

    /** Each is taken up to {@code ¦} and not further. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[add(¦)]",
                "[add(¦\"a=1)]",
                "[add(a=¦\"1\")]",
                "[add(a=1, ¦c=2)]",
                "[add(a=1, ¦a=2)]",
                "[add(a=1), ¦sub(a=1)]",
                "[now(¦a=1)]",
                "text:\n[now()¦ and more",
                "{\"name\":\"add\",\"parameters\":{¦}}",
                "{\"name\":\"add\",\"¦other\":1}",
                "{\"name\":\"add\"¦}",
                "{\"function\":{\"name\":\"add\",\"arguments\":{\"a\":¦\"1\"}}}",
                "[{\"name\":\"add\",\"parameters\":{\"a\":1}} ¦and",
                "[{\"name\":\"now\",\"parameters\":{}}, ¦1]",
                "[{\"name\":\"now\",\"parameters\":{}}, {\"name\":\"¦sub\"}]",
                "<function=add>¦none",
                "<function=add>{¦}",
                "<function=add{\"a\":1.¦}"
            })
    void callsThatGoWrongAreStopped(String marked) {
        int stop = marked.indexOf('¦');
        TokenConstraint constraint = constraint(OF_TINY, true);
        assertThat(taken(constraint, marked.replace("¦", ""))).isEqualTo(stop);
        assertThat(constraint.mayEnd()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1, 2, 3] and {4} (see [a])",
                "[adder(x)] or [no(w)]",
                "the list [add(wrong)] in a line",
                "`[add(wrong)]` and {\"name\": \"Bob\", \"age\": 3}",
                "```python\n[add(wrong)]\nadd(x, y)\n```\n",
                "{\"a\": {\"name\": \"add\"}, \"b\": [}}",
                "<html><b>add(</b>",
                "<function=sub>anything",
                "add(x, y",
                "{\"parameters\": {\"a\": \"x\"}, \"name\": \"add\" and what else",
                "日本 [ 😀 {"
            })
    void otherTextIsFree(String text) {
        assertThat(takes(text)).isTrue();
    }

    @Test
    void afterTheOnlyCallThereIsNothing() {
        for (String call :
                List.of(
                        "[add(a=1)]",
                        "x\n[{\"name\":\"now\",\"parameters\":{}}]",
                        "{\"name\":\"now\",\"parameters\":{}}",
                        "<function=now>{}")) {
            TokenConstraint constraint = constraint(OF_TINY, false);
            assertThat(taken(constraint, call)).as(call).isEqualTo(call.length());
            assertThat(constraint.mayEnd()).isTrue();
            TokenSet allowed = new TokenSet(constraint.vocabulary());
            constraint.mask(allowed);
            assertThat(allowed.count()).as(call).isZero();
        }
        assertThat(taken(constraint(OF_TINY, false), "[add(a=1), now()]")).isEqualTo(9);
        assertThat(taken(constraint(OF_TINY, false), "[{\"name\":\"now\",\"parameters\":{}}, {"))
                .isEqualTo(31);
    }

    @Test
    void callsMayFollowAPythonTag() {
        int tag =
                TINY.special().byId().entrySet().stream()
                        .filter(each -> each.getValue().equals(SpecialTokens.PYTHON_START))
                        .findFirst()
                        .orElseThrow()
                        .getKey();
        TokenConstraint constraint = constraint(OF_TINY, true);
        assertThat(taken(constraint, "see ")).isEqualTo(4);
        assertThat(take(constraint, tag)).isTrue();
        assertThat(taken(constraint, "[add(x")).isEqualTo(5);
        assertThat(take(constraint, tag)).as("not within a call").isFalse();
        assertThat(taken(constraint, "a=1)]")).isEqualTo(5);
        assertThat(constraint.mayEnd()).isTrue();
    }

    @Test
    void argumentsAreObjectsWhateverElseTheSchemaAllows() {
        for (String schema :
                List.of(
                        "{\"type\":[\"object\",\"string\"],\"required\":[\"a\"]}",
                        "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"object\",\"required\":[\"a\"]}]}",
                        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
                                + "\"$ref\":\"#/definitions/d\",\"definitions\":{\"d\":"
                                + "{\"required\":[\"a\"]}}}")) {
            TokenConstraint constraint = constraint(with(schema));
            String call = "<function=f>{\"a\":1}";
            assertThat(taken(constraint, call)).as(schema).isEqualTo(call.length());
            constraint = constraint(with(schema));
            assertThat(taken(constraint, "<function=f>\"x\"")).as(schema).isEqualTo(12);
        }
        assertThatThrownBy(() -> OF_TINY.of(AUTO, with("{\"type\":\"string\"}")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("'f'");
    }

    private static TokenConstraint constraint(Conversation conversation) {
        return Objects.requireNonNull(OF_TINY.of(AUTO, conversation).constraint()).get();
    }

    private static final AnswerOptions AUTO = AnswerOptions.builder().build();

    private static Conversation with(String parameters) {
        String tools =
                "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true,"
                        + "\"parameters\":"
                        + parameters
                        + "}}]";
        return new Conversation(
                List.of(Message.user("x")),
                ConversationReader.tools(JsonMapper.shared().readTree(tools), "tools"),
                ToolChoice.AUTO,
                true,
                false);
    }

    /** A token with the last byte of the beginning and the first of the arguments. */
    @Test
    void tokensMayReachIntoTheArguments() {
        TokenSet allowed = new TokenSet(LLAMA4.vocabularySize());
        for (String begun : List.of("[add", "[now", "{\"name\": \"add", "<function=now")) {
            TokenConstraint constraint = constraint(OF_LLAMA4, true);
            for (int token : LLAMA4.encode(begun)) {
                assertThat(take(constraint, token)).as(begun).isTrue();
            }
            constraint.mask(allowed);
            int reaching = 0;
            for (int token = 0; token < LLAMA4.vocabularySize(); token++) {
                if (LLAMA4.special().contains(token)) {
                    continue;
                }
                byte[] text = LLAMA4.bytes(token);
                if (text.length < 2 || "(\">'{".indexOf(text[0]) < 0) {
                    continue;
                }
                TokenConstraint bytes = constraint(OF_TINY, true);
                assertThat(taken(bytes, begun)).isEqualTo(begun.length());
                boolean passes = take(bytes, BYTE_TOKENS[text[0] & 0xFF]);
                boolean called = false;
                boolean goesOn = false;
                for (int at = 1; at < text.length && passes; at++) {
                    called |= !bytes.mayEnd();
                    goesOn |= called && bytes.mayEnd();
                    passes = take(bytes, BYTE_TOKENS[text[at] & 0xFF]);
                }
                // A token never holds the end of a call and text after it.
                assertThat(allowed.contains(token))
                        .as("%s then %s", begun, new String(text, StandardCharsets.UTF_8))
                        .isEqualTo(passes && !goesOn);
                reaching += passes && !goesOn ? 1 : 0;
            }
            assertThat(reaching).as(begun).isPositive();
        }
    }
}

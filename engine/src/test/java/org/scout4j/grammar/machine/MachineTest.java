package org.scout4j.grammar.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;

class MachineTest {
    private static void accepts(Language language, String... documents) {
        for (String document : documents) {
            assertThat(ByteMatcher.accepts(language, document.getBytes(StandardCharsets.UTF_8)))
                    .as(document)
                    .isTrue();
        }
    }

    private static void accepts(ValueNode node, String... documents) {
        accepts(new Language.Document(node), documents);
    }

    private static void rejects(Language language, String... documents) {
        for (String document : documents) {
            assertThat(ByteMatcher.accepts(language, document.getBytes(StandardCharsets.UTF_8)))
                    .as(document)
                    .isFalse();
        }
    }

    private static void rejects(ValueNode node, String... documents) {
        rejects(new Language.Document(node), documents);
    }

    /** Whether an answer can begin so; if so, that it can be completed. */
    private static boolean begins(ValueNode node, String text) {
        ByteMatcher matcher = ByteMatcher.of(new Language.Document(node));
        if (!matcher.accept(text.getBytes(StandardCharsets.UTF_8))) {
            return false;
        }
        byte[] rest = matcher.completion();
        assertThat(matcher.accept(rest))
                .as(text + new String(rest, StandardCharsets.UTF_8))
                .isTrue();
        assertThat(matcher.mayEnd()).as(text + new String(rest, StandardCharsets.UTF_8)).isTrue();
        return true;
    }

    @Test
    void aCharacterMayBeSpeltInEveryWay() {
        ValueNode smile = Nodes.string(Nodes.words("é😀/\n"));
        accepts(
                smile,
                "\"é😀/\\n\"",
                "\"\\u00e9\\ud83d\\ude00\\/\\u000A\"",
                "\"\\u00E9\\uD83D\\uDE00\\u002f\\n\"");
        rejects(smile, "\"é😀/\n\"", "\"e😀/\\n\"", "\"é\\ud83d/\\n\"");
        rejects(Nodes.string(), "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"", "\"\\x\"");
        rejects(Nodes.string(), "\"\t\"", "\"", "a");
        accepts(Nodes.string(), "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\u007f\u2028\"");
        assertThat(begins(smile, "\"é\\u")).isTrue();
        assertThat(begins(smile, "\"é\\ud83d")).isTrue();
        assertThat(begins(smile, "\"é\\ud83e")).isFalse();
    }

    /** No writer of JSON does it, and a model could spell a name that it would not write. */
    @Test
    void plainLettersAreNotEscaped() {
        ValueNode name = Nodes.string(Nodes.words("Key 1~é"));
        accepts(name, "\"Key 1~é\"", "\"Key\\u00201~\\u00e9\"");
        rejects(
                name,
                "\"\\u004bey 1~é\"",
                "\"Ke\\u0079 1~é\"",
                "\"Key \\u0031~é\"",
                "\"Key 1\\u007eé\"");
        assertThat(begins(name, "\"\\")).isFalse();
        assertThat(begins(name, "\"Key\\u00")).isTrue();
        assertThat(begins(name, "\"Key 1~\\u00e")).isTrue();
        assertThat(begins(Nodes.string(), "\"\\u00")).isTrue();
        assertThat(begins(Nodes.string(), "\"\\u004")).isFalse();
        assertThat(begins(Nodes.string(Nodes.words("😀")), "\"\\u")).isTrue();
    }

    @Test
    void bytesThatAreNoCharacterNeverBegin() {
        byte[][] wrong = {
            {'"', (byte) 0xC0},
            {'"', (byte) 0x80},
            {'"', (byte) 0xE0, (byte) 0x80},
            {'"', (byte) 0xED, (byte) 0xA0},
            {'"', (byte) 0xF0, (byte) 0x80},
            {'"', (byte) 0xF4, (byte) 0x90},
            {'"', (byte) 0xF5},
            {'"', (byte) 0xC3, 'a'}
        };
        for (byte[] bytes : wrong) {
            ByteMatcher matcher = ByteMatcher.of(new Language.Document(Nodes.string()));
            assertThat(matcher.accept(bytes)).isFalse();
        }
    }

    @Test
    void lengthsCountCodePoints() {
        ValueNode two = Nodes.string(2, 2);
        accepts(two, "\"ab\"", "\"é😀\"", "\"\\ud83d\\ude00x\"", "\"\\n\\n\"");
        rejects(two, "\"a\"", "\"abc\"", "\"😀\"", "\"\"");
    }

    @Test
    void whiteSpaceIsBounded() {
        ValueNode any = Nodes.anything();
        accepts(any, "{ \"a\" : [ 1 , 2 ] }", "{\n  \"a\": [\n    1,\n    true\n  ]\n}", "[\t]");
        rejects(any, " 1", "1 ", "[1\n\n]", "[" + " ".repeat(9) + "]", "\n1", "{\r\n}");
        accepts(any, "[\n" + " ".repeat(100) + "]", "[1 ]", "[1\n ]");
        rejects(any, "[\n" + " ".repeat(101) + "]");
    }

    @Test
    void depthIsBounded() {
        ValueNode any = Nodes.anything();
        accepts(any, "[".repeat(64) + "]".repeat(64));
        rejects(any, "[".repeat(65) + "]".repeat(65));
        ValueNode deep = Nodes.keywords();
        for (int level = 0; level < 65; level++) {
            deep = ValueNode.of(Nodes.array(deep, 1, 1));
        }
        ValueNode tooDeep = deep;
        assertThatThrownBy(() -> ByteMatcher.of(new Language.Document(tooDeep)))
                .isInstanceOf(GrammarRefused.class)
                .hasMessageContaining("64 levels");
    }

    /** A list whose end is an option: at the bound of depth only the end is left. */
    @Test
    void recursionEndsAtTheBoundOfDepth() {
        ValueNode list = new ValueNode();
        list.fill(
                List.of(
                        Nodes.object(
                                List.of(
                                        Nodes.required("v", Nodes.integer()),
                                        Nodes.optional("next", list)),
                                List.of())));
        accepts(list, "{\"v\":1,\"next\":".repeat(63) + "{\"v\":1}" + "}".repeat(63));
        assertThat(begins(list, "{\"v\":1,\"next\":".repeat(63) + "{\"v\":1")).isTrue();
        assertThat(begins(list, "{\"v\":1,\"next\":".repeat(63) + "{\"v\":1,")).isFalse();
        assertThat(begins(list, "{\"v\":1,\"next\":".repeat(64))).isFalse();
    }

    @Test
    void membersKeepTheOrderOfTheirGroup() {
        ValueNode one = Nodes.integer();
        ValueNode object =
                ValueNode.of(
                        Nodes.object(
                                List.of(
                                        new Alternative.Property("a", one, false, 0),
                                        new Alternative.Property("x", one, false, 1),
                                        new Alternative.Property("b", one, true, 0),
                                        new Alternative.Property("c", one, false, 0)),
                                List.of()));
        accepts(
                object,
                "{\"a\":1,\"b\":1,\"x\":1}",
                "{\"x\":1,\"b\":1}",
                "{\"b\":1,\"x\":1,\"c\":1}");
        rejects(
                object,
                "{\"b\":1,\"a\":1}",
                "{\"c\":1,\"b\":1}",
                "{\"a\":1}",
                "{\"b\":1,\"b\":1}",
                "{}");
        assertThat(begins(object, "{\"c")).isFalse();
        assertThat(begins(object, "{\"b\":1,\"a")).isFalse();
        assertThat(begins(object, "{\"b\":1,\"c\":1,\"x\":1,")).isFalse();
    }

    @Test
    void countsOfMembersAreMet() {
        ValueNode one = Nodes.integer();
        Alternative.OtherNames finite = new Alternative.OtherNames(Nodes.words("p", "pq"), one);
        ValueNode object =
                ValueNode.of(
                        new Alternative.Objects(
                                List.of(Nodes.optional("a", one)),
                                List.of(finite),
                                3,
                                3,
                                List.of()));
        accepts(object, "{\"pq\":1,\"a\":2,\"p\":3}");
        rejects(object, "{\"pq\":1,\"pq\":2,\"p\":3}", "{\"pq\":1,\"a\":2}");
        assertThat(begins(object, "{\"p\":1,\"p")).isTrue();
        assertThat(begins(object, "{\"p\":1,\"p\"")).isFalse();
        assertThat(begins(object, "{\"p\":1,\"pq\":1,\"p")).isFalse();
    }

    @Test
    void anObligationIsMetByOneOfTheMembers() {
        ValueNode any = Nodes.anything();
        ValueNode word = Nodes.string();
        ValueNode object =
                ValueNode.of(
                        new Alternative.Objects(
                                List.of(Nodes.optional("a", any), Nodes.optional("b", any)),
                                List.of(),
                                0,
                                Alternative.UNBOUNDED,
                                List.of(new Alternative.Obligation(TextDfa.any(), word))));
        accepts(object, "{\"a\":\"x\"}", "{\"a\":1,\"b\":\"x\"}", "{\"a\":\"x\",\"b\":2}");
        rejects(object, "{}", "{\"a\":1}", "{\"a\":1,\"b\":2}", "{\"b\":2}");
        assertThat(begins(object, "{\"b\":1")).isFalse();
        ValueNode open =
                ValueNode.of(
                        new Alternative.Objects(
                                List.of(),
                                List.of(new Alternative.OtherNames(TextDfa.any(), any)),
                                0,
                                3,
                                List.of(
                                        new Alternative.Obligation(Nodes.words("p", "q"), word),
                                        new Alternative.Obligation(
                                                TextDfa.any(), Nodes.keywords()))));
        accepts(open, "{\"p\":\"\",\"x\":null}", "{\"x\":1,\"y\":true,\"q\":\"\"}");
        rejects(
                open,
                "{\"p\":\"\",\"x\":1}",
                "{\"x\":1,\"y\":2",
                "{\"p\":\"\",\"p\":1,\"y\":null}");
        assertThat(begins(open, "{\"x\":1,\"y\":2")).isFalse();
    }

    @Test
    void matchingItemsAreCounted() {
        Alternative.Slot slot =
                new Alternative.Slot(
                        Nodes.string(),
                        Nodes.string(Nodes.words("m")),
                        Nodes.string(Nodes.allBut("m")));
        ValueNode array = ValueNode.of(new Alternative.Arrays(List.of(), slot, 0, 3, 1, 2, false));
        accepts(array, "[\"m\"]", "[\"m\",\"x\",\"m\"]", "[\"a\",\"b\",\"m\"]");
        rejects(array, "[]", "[\"x\"]", "[\"m\",\"m\",\"m\"]", "[\"a\",\"b\",\"c\"]");
        assertThat(begins(array, "[\"a\",\"b\",\"c")).isFalse();
    }

    private static ValueNode unique(int min, ValueNode items) {
        return ValueNode.of(
                new Alternative.Arrays(
                        List.of(),
                        Alternative.Slot.of(items),
                        min,
                        Alternative.UNBOUNDED,
                        0,
                        Alternative.UNBOUNDED,
                        true));
    }

    @Test
    void itemsOfAUniqueArrayDiffer() {
        ValueNode words = unique(2, Nodes.string(Nodes.words("a", "ab", "b")));
        accepts(words, "[\"ab\",\"a\"]", "[\"a\",\"b\",\"ab\"]");
        rejects(words, "[\"a\"]", "[\"a\",\"a\"]");
        ValueNode slashes = unique(2, Nodes.string(Nodes.words("/", "b")));
        rejects(slashes, "[\"/\",\"\\/\"]", "[\"/\",\"\\u002f\"]");
        assertThat(begins(words, "[\"a\",\"ab\",\"a")).isFalse();
        assertThat(begins(words, "[\"a\",\"ab\",\"b\",")).isFalse();
        ValueNode any = unique(0, Nodes.string());
        accepts(any, "[\"\",\"a\",\"aa\"]");
        rejects(any, "[\"x\",\"y\",\"x\"]");
        ValueNode one = unique(0, Nodes.string(1, 1));
        assertThat(begins(one, "[\"x\",\"x")).isFalse();
        assertThat(begins(one, "[\"x\",\"y")).isTrue();
        ValueNode numbers =
                unique(
                        0,
                        ValueNode.of(new Alternative.Numbers(Nodes.words("1", "1.0", "10", "2"))));
        accepts(numbers, "[1,10,2]", "[1.0 , 2]");
        rejects(numbers, "[1,1.0]", "[2,1,2]");
        assertThat(begins(numbers, "[1,1")).isTrue();
        assertThat(begins(numbers, "[1,10,1")).isFalse();
        assertThat(begins(numbers, "[1,10,2,")).isFalse();
        ValueNode bits = unique(0, ValueNode.of(new Alternative.Keywords(false, true, true)));
        accepts(bits, "[true,false]", "[]");
        rejects(bits, "[true,true]");
        assertThat(begins(bits, "[true,false,")).isFalse();
        assertThatThrownBy(() -> begins(unique(0, Nodes.anything()), "["))
                .isInstanceOf(GrammarRefused.class);
    }

    @Test
    void callsAreWrittenInPython() {
        ValueNode arguments =
                ValueNode.of(
                        Nodes.object(
                                List.of(
                                        Nodes.required("a", Nodes.anything()),
                                        Nodes.optional("b", Nodes.string())),
                                List.of()));
        ValueNode odd =
                ValueNode.of(
                        Nodes.object(List.of(Nodes.optional("x-y", Nodes.integer())), List.of()));
        ValueNode free =
                ValueNode.of(
                        Nodes.object(
                                List.of(),
                                List.of(
                                        new Alternative.OtherNames(
                                                TextDfa.any(), Nodes.integer()))));
        Language calls =
                new Language.Calls(
                        List.of(
                                new Language.Function("f", arguments),
                                new Language.Function("fg", odd),
                                new Language.Function("free", free)),
                        2);
        accepts(
                calls,
                "[f(a=1)]",
                "[f(a=None, b=\"x\"),fg()]",
                "[f(a=[True, {\"k\": False}],b=\"\\u00e9\")]",
                "[fg(**{\"x-y\": 1}), fg()]",
                "[free(_x=1, y2=3), free()]");
        rejects(
                calls,
                "[f(\"a=1)]",
                "[]",
                "[f()]",
                "[f(a=null)]",
                "[f(a=\"\\/\")]",
                "[f(a=\"\\ud83d\\ude00\")]",
                "[fg(x-y=1)]",
                "[fg(),fg(),fg()]",
                "[free(if=1)]",
                "[free(2x=1)]",
                "[f( a=1)]",
                "[f(\"a=1)]",
                "[f(a=1,\"b=\"x\")]",
                "[h()]",
                "[f(\"a\"=1)]",
                "[f(a=1, \"b=\"x\")]",
                "[f(a=1)] ");
        ByteMatcher matcher = ByteMatcher.of(calls);
        assertThat(matcher.accept("[f(a={\"k\"".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(matcher.accept(matcher.completion())).isTrue();
        assertThat(matcher.mayEnd()).isTrue();
    }

    @Test
    void plainTextAndAlternatives() {
        Language either =
                new Language.AnyOf(
                        List.of(
                                new Language.PlainText(Nodes.words("yes", "[1 ", "no\n")),
                                new Language.Document(ValueNode.of(Nodes.array(Nodes.integer())))));
        accepts(either, "yes", "no\n", "[1 ", "[1 ]", "[1]");
        rejects(either, "no", "[1  ", "ye", "yes ");
    }

    @Test
    void tooManyReadingsAreRefused() {
        List<Alternative> many = new ArrayList<>();
        for (int index = 0; index < StackPool.MOST_STACKS + 1; index++) {
            many.add(Nodes.array(Nodes.integer(), 0, index + 1));
        }
        ValueNode node = new ValueNode();
        node.fill(many);
        assertThatThrownBy(() -> begins(node, "[1"))
                .isInstanceOfSatisfying(
                        GrammarRefused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(GrammarRefused.Reason.TOO_COMPLEX));
    }

    /** What the machine keeps is bounded, and forgetting changes nothing. */
    @Test
    void longAnswersAreReadInBoundedMemory() {
        ByteMatcher matcher =
                ByteMatcher.of(
                        new Language.Document(ValueNode.of(Nodes.array(Nodes.string(0, 60_000)))));
        String item = "x".repeat(50_000);
        String text = "[\"" + item + "\",\"\",\"" + item + "y\"]";
        for (int at = 0; at < text.length(); at += 7) {
            byte[] piece =
                    text.substring(at, Math.min(text.length(), at + 7))
                            .getBytes(StandardCharsets.UTF_8);
            assertThat(matcher.accept(piece)).as("byte " + at).isTrue();
        }
        assertThat(matcher.mayEnd()).isTrue();
    }
}

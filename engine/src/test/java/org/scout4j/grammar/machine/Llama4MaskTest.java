package org.scout4j.grammar.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;

/** Masks over Llama 4's vocabulary, along documents as the tokenizer splits them. */
class Llama4MaskTest {
    private static final Tokenizer LLAMA4 = tokenizer();

    private static Tokenizer tokenizer() {
        try {
            return Tokenizers.open(
                    Path.of(
                            Objects.requireNonNull(
                                            Llama4MaskTest.class.getResource(
                                                    "/golden/tokenizer/tokenizer.model"))
                                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All texts without white space beyond ASCII, as patterns with {@code \S} have it. */
    private static TextDfa noSpaces() {
        TextDfa.Builder builder = new TextDfa.Builder();
        int only = builder.state(true);
        builder.edge(only, 0x21, 0x9F, only);
        builder.edge(only, 0xA1, 0x1FFF, only);
        builder.edge(only, 0x2030, 0x2FFF, only);
        builder.edge(only, 0x3001, 0x10FFFF, only);
        return builder.build(only);
    }

    private static ValueNode order() {
        ValueNode any = Nodes.anything();
        return ValueNode.of(
                new Alternative.Objects(
                        List.of(
                                Nodes.required("name", Nodes.string()),
                                Nodes.optional("note", Nodes.string(2, 12)),
                                Nodes.optional("kind", Nodes.string(noSpaces())),
                                Nodes.optional(
                                        "tags",
                                        ValueNode.of(Nodes.array(Nodes.string(1, 4000), 0, 9)))),
                        List.of(
                                new Alternative.OtherNames(
                                        Nodes.allBut("name", "note", "kind", "tags"), any)),
                        2,
                        Alternative.UNBOUNDED,
                        List.of()));
    }

    private static String difference(TokenSet one, TokenSet two) {
        for (int token = 0; token < one.size(); token++) {
            if (one.contains(token) != two.contains(token)) {
                return token + " " + LLAMA4.decode(token) + " " + one.contains(token);
            }
        }
        return "none";
    }

    @Test
    void slicesAndWalksAgreeAlongDocuments() {
        TokenVocabulary vocabulary = TokenVocabulary.of(LLAMA4, Set.of());
        Language language = new Language.Document(order());
        Grammar fast = Grammar.of(language, vocabulary);
        Grammar plain = Grammar.of(language, vocabulary, false);
        TokenSet allowed = new TokenSet(vocabulary.size());
        TokenSet judge = new TokenSet(vocabulary.size());
        for (String document :
                List.of(
                        "{\"name\":\"Ragnhild Ødegård, 日本 😀\\n\",\"note\":\"short é😀\"}",
                        "{\n  \"name\": \"\",\n  \"nam\": {\"a\": [1, \"x\\u00e9\"]},\n  \"kind\": \"a/b-ü\"\n}",
                        "{\"name\":\"x\",\"tags\":[\"one\",\"two three\",\"four\"],\"more\":null}")) {
            TokenConstraint constraint = fast.constraint();
            ByteMatcher at = plain.matcher();
            int before = -1;
            for (int token : LLAMA4.encode(document)) {
                constraint.mask(allowed);
                plain.mask(at, judge);
                assertThat(difference(allowed, judge))
                        .as("%s after %s", document, before)
                        .isEqualTo("none");
                assertThat(allowed.contains(token)).as(document).isTrue();
                constraint.accept(token);
                before = token;
                assertThat(at.accept(LLAMA4.bytes(token))).isTrue();
            }
            assertThat(constraint.mayEnd()).as(document).isTrue();
        }
    }

    @Test
    void masksOfPythonCallsAreThoseOfTheBytes() {
        TokenVocabulary vocabulary = TokenVocabulary.of(LLAMA4, Set.of());
        ValueNode arguments =
                ValueNode.of(
                        new Alternative.Objects(
                                List.of(
                                        Nodes.required("city", Nodes.string()),
                                        Nodes.optional("note", Nodes.string(2, 12)),
                                        Nodes.optional("kind", Nodes.string(noSpaces()))),
                                List.of(),
                                0,
                                Alternative.UNBOUNDED,
                                List.of()));
        Grammar grammar =
                Grammar.of(
                        new Language.Calls(
                                List.of(new Language.Function("weather_of", arguments)), 2),
                        vocabulary);
        TokenSet allowed = new TokenSet(vocabulary.size());
        String document =
                "[weather_of(city=\"Ålesund \\\"x\\\" é\", kind=\"a/b-ü\"), weather_of(city=\"\", note=\"日本 \")]";
        TokenConstraint constraint = grammar.constraint();
        ByteMatcher at = grammar.matcher();
        for (int token : LLAMA4.encode(document)) {
            constraint.mask(allowed);
            for (int each = 0; each < vocabulary.size(); each++) {
                byte[] bytes = vocabulary.bytes(each);
                boolean reads = bytes.length > 0 && at.copy().accept(bytes);
                assertThat(allowed.contains(each))
                        .as("token %d before %d", each, token)
                        .isEqualTo(reads);
            }
            constraint.accept(token);
            assertThat(at.accept(LLAMA4.bytes(token))).isTrue();
        }
        assertThat(constraint.mayEnd()).isTrue();
    }

    @Test
    void specialTokensAreNeverAllowed() {
        TokenVocabulary vocabulary = TokenVocabulary.of(LLAMA4, Set.of(0));
        TokenConstraint constraint =
                Grammar.of(new Language.PlainText(TextDfa.any()), vocabulary).constraint();
        TokenSet allowed = new TokenSet(vocabulary.size());
        constraint.mask(allowed);
        assertThat(constraint.mayEnd()).isTrue();
        assertThat(allowed.contains(0)).isFalse();
        assertThat(allowed.count()).isGreaterThan(190_000).isLessThanOrEqualTo(vocabulary.usable());
        for (int special : LLAMA4.special().byId().keySet()) {
            assertThat(allowed.contains(special))
                    .as(LLAMA4.special().name(special).orElse(""))
                    .isFalse();
        }
    }
}

package org.scout4j.grammar.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;
import org.scout4j.grammar.value.ValueNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Random answers from random sets of values, token by token. */
class RandomWalkTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TokenVocabulary VOCABULARY = ByteStrings.vocabulary(1);

    /** Masks are exact, never empty before the end, and whatever they lead to is in the set. */
    @Test
    void walksEndInValuesOfTheSet() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ValueNode node = Nodes.random(random, 3);
            Grammar grammar = Grammar.of(new Language.Document(node), VOCABULARY);
            Grammar plain = Grammar.of(new Language.Document(node), VOCABULARY, false);
            for (int walk = 0; walk < 4; walk++) {
                String name = "seed " + seed + ", walk " + walk;
                byte[] document = walk(grammar, plain, random, name);
                JsonNode value = JSON.readTree(document);
                assertThat(ValueCheck.holds(node, value))
                        .as("%s: %s", name, new String(document, StandardCharsets.UTF_8))
                        .isTrue();
            }
        }
    }

    private static byte[] walk(
            Grammar grammar, Grammar plain, SplittableRandom random, String name) {
        TokenConstraint constraint = grammar.constraint();
        ByteMatcher matcher = grammar.matcher();
        ByteMatcher shadow = plain.matcher();
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        TokenSet allowed = new TokenSet(VOCABULARY.size());
        TokenSet judge = new TokenSet(VOCABULARY.size());
        int most = random.nextInt(1, 40);
        for (int step = 0; step < most; step++) {
            String place = name + ": " + document.toString(StandardCharsets.UTF_8) + "|";
            constraint.mask(allowed);
            plain.mask(shadow, judge);
            assertThat(allowed.words()).as("slices agree, %s", place).isEqualTo(judge.words());
            if (allowed.count() == 0) {
                assertThat(constraint.mayEnd()).as("no dead end, %s", place).isTrue();
                break;
            }
            int token = allowed.next(random.nextInt(VOCABULARY.size()));
            token = token < 0 ? allowed.next(0) : token;
            constraint.accept(token);
            assertThat(matcher.accept(VOCABULARY.bytes(token))).as(place).isTrue();
            assertThat(shadow.accept(VOCABULARY.bytes(token))).as(place).isTrue();
            document.writeBytes(VOCABULARY.bytes(token));
            if (random.nextInt(4) == 0) {
                everyTokenIsJudgedByItsBytes(grammar, document.toByteArray(), place);
            }
        }
        String place = name + ": " + document.toString(StandardCharsets.UTF_8) + "|";
        byte[] rest = matcher.completion();
        assertThat(matcher.accept(rest))
                .as("%s completed by %s", place, new String(rest, StandardCharsets.UTF_8))
                .isTrue();
        assertThat(matcher.mayEnd()).as(place).isTrue();
        document.writeBytes(rest);
        return document.toByteArray();
    }

    /** The mask against feeding each token's bytes, with a completion of each as proof of life. */
    private static void everyTokenIsJudgedByItsBytes(Grammar grammar, byte[] read, String place) {
        TokenSet allowed = new TokenSet(VOCABULARY.size());
        ByteMatcher at = grammar.matcher();
        at.accept(read);
        grammar.mask(at, allowed);
        for (int token = 0; token < VOCABULARY.size(); token++) {
            byte[] bytes = VOCABULARY.bytes(token);
            ByteMatcher other = grammar.matcher();
            other.accept(read);
            boolean lives = bytes.length > 0 && other.accept(bytes);
            assertThat(allowed.contains(token)).as("%s token %s", place, token).isEqualTo(lives);
            if (lives) {
                byte[] rest = other.completion();
                assertThat(other.accept(rest))
                        .as(
                                "%s token %s completed by %s",
                                place, token, new String(rest, StandardCharsets.UTF_8))
                        .isTrue();
                assertThat(other.mayEnd()).as(place).isTrue();
            }
        }
    }
}

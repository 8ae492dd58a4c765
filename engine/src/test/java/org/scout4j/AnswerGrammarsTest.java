package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.scout4j.grammar.TokenConstraint;
import org.scout4j.grammar.TokenSet;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.tokenizer.Tokenizers;

/** What is kept of the grammars that answers were held to. */
class AnswerGrammarsTest {
    private static final long MOST = 64L << 20; // spec "Reliability" L-21

    @Test
    void grammarsThatWereUsedMuchAreDroppedAgain() throws URISyntaxException {
        Tokenizer tokenizer =
                Tokenizers.open(
                        Path.of(
                                Objects.requireNonNull(
                                                AnswerGrammarsTest.class.getResource(
                                                        "/golden/tokenizer/tokenizer.model"))
                                        .toURI()));
        AnswerGrammars grammars = new AnswerGrammars(tokenizer, Set.of());
        TokenSet allowed = new TokenSet(tokenizer.vocabularySize());
        int token = tokenizer.encode("a")[0];
        long most = 0;
        for (int number = 0; number < 30; number++) {
            ResponseFormat format = new ResponseFormat.Pattern("[a-z0-9]{" + (400 + number) + "}");
            AnswerGrammars.Held held = grammars.of(format);
            assertThat(grammars.of(format)).as("the one used last is kept").isSameAs(held);
            TokenConstraint constraint = Objects.requireNonNull(held.constraint()).get();
            for (int step = 0; step < 200; step++) {
                constraint.mask(allowed);
                assertThat(allowed.contains(token)).isTrue();
                constraint.accept(token);
            }
            most = Math.max(most, grammars.retainedBytes());
            grammars.of(format);
            assertThat(grammars.retainedBytes()).as("after %d", number).isLessThanOrEqualTo(MOST);
        }
        assertThat(most).as("there was something to drop").isGreaterThan(MOST / 2);
    }
}

package org.scout4j.grammar.regex;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.scout4j.grammar.CompileBudget;
import org.scout4j.grammar.GrammarRefused;

/** Any pattern is compiled or refused, nothing else. */
class PatternFuzzTest {
    @FuzzTest
    void patternsAreCompiledOrRefused(FuzzedDataProvider data) {
        String pattern = data.consumeString(200);
        String text = data.consumeRemainingAsString();
        try {
            TextDfa dfa = Patterns.compile(pattern, CompileBudget.ofRequest());
            boolean found = dfa.contains(text);
            if (found && dfa.isEmpty()) {
                throw new AssertionError("an empty set has no text");
            }
        } catch (GrammarRefused refused) {
            if (refused.problem().isEmpty()) {
                throw new AssertionError("a refusal says why");
            }
        }
    }
}

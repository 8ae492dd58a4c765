package org.scout4j.chat.calls;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Any output reads the same whole and in pieces, and what it calls has JSON objects as arguments.
 */
class OutputParserFuzzTest {

    @FuzzTest
    void anyOutputReadsTheSameInPieces(FuzzedDataProvider data) {
        boolean guarded = data.consumeBoolean();
        OutputEnd end = data.consumeBoolean() ? OutputEnd.COMPLETE : OutputEnd.CUT;
        ParseRun.Setting setting =
                new ParseRun.Setting(ParseRun.DEFAULT, data.consumeBoolean(), guarded);
        String body = data.consumeRemainingAsString();
        ParseRun whole = ParseRun.whole(setting, body, end);
        if (!ParseRun.eachCharacter(setting, body, end).equals(whole)) {
            throw new AssertionError("in pieces: " + body);
        }
        OutputParserTest.requireJson(whole.message(), end, body);
    }
}

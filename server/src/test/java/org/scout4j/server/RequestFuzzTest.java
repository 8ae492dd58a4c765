package org.scout4j.server;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes as a body are a request or refused as the API says. */
class RequestFuzzTest {
    private final RequestDecoding decoding = new RequestDecoding();

    @FuzzTest
    void anyBodyIsReadOrRefused(FuzzedDataProvider data) {
        decoding.decode(data.consumeRemainingAsBytes());
    }
}

package org.scout4j.vision;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes as an image: pixels or a refusal, nothing else. */
class ImageFuzzTest {

    @FuzzTest
    void image(byte[] file) {
        HostileImageTest.read(file);
    }
}

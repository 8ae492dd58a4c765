package org.scout4j.chat.template;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Reading and rendering any text ends soon, and throws nothing but {@link TemplateException}. */
class TemplateFuzzTest {

    @FuzzTest
    void anyTextIsRenderedOrRefused(FuzzedDataProvider data) {
        HostileTemplateTest.render(data.consumeRemainingAsString());
    }
}

package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.scout4j.engine.Dispatch;
import org.scout4j.error.InvalidRequest;

/** How the cache is sized, and what requests find in it, from the face. */
class ScoutCacheTest {
    private static final Path MODEL = Path.of("src/test/resources/golden/model/scout-tiny");

    @Test
    void theCacheIsAsLargeAsAskedButHoldsOneContext() {
        int page = 32;
        try (Scout scout = Scout.load(MODEL, options().context(128).cacheTokens(160).build())) {
            // 160 tokens in global pages; in local pages what one sequence needs at least.
            assertThat(scout.contextLength()).isEqualTo(128);
            assertThat(scout.status().totalPages()).isBetween(2 * 128 / page, 2 * 160 / page + 10);
        }
        try (Scout scout = Scout.load(MODEL, options().cacheTokens(96).build())) {
            assertThat(scout.contextLength()).as("no larger than the cache").isEqualTo(96);
        }
        assertThatThrownBy(() -> Scout.load(MODEL, options().context(128).cacheTokens(127).build()))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("127")
                .hasMessageContaining("128");
    }

    @Test
    void choicesShareTheirPromptAndALaterRequestOfTheTenantTheirPages() {
        try (Scout scout = Scout.load(MODEL, options().context(128).build())) {
            CompletionRequest request = request();
            List<ChatStream> choices = scout.streams(request, 3, Dispatch.ordinary());
            List<ChatResult> answers = choices.stream().map(ChatStream::result).toList();

            assertThat(answers.get(0).usage().cachedTokens()).isZero();
            assertThat(answers.get(2).usage().cachedTokens()).isEqualTo(64);
            ChatResult again = scout.complete(request);
            assertThat(again.usage().cachedTokens()).isEqualTo(64);
            assertThat(again.text()).isEqualTo(answers.get(0).text());
            Dispatch other = Dispatch.ordinary().withTenant("other");
            ChatResult foreign = scout.streams(request, 1, other).getFirst().result();
            assertThat(foreign.usage().cachedTokens()).isZero();
            assertThat(foreign.text()).isEqualTo(again.text());
        }
    }

    @Test
    void withoutPrefixCacheNothingIsKept() {
        try (Scout scout = Scout.load(MODEL, options().context(128).prefixCache(false).build())) {
            scout.complete(request());

            assertThat(scout.complete(request()).usage().cachedTokens()).isZero();
            assertThat(scout.status().cachedPages()).isZero();
        }
    }

    private static LoadOptions.Builder options() {
        return LoadOptions.builder().threads(1).slots(4).stepTokens(32);
    }

    private static CompletionRequest request() {
        int[] prompt = IntStream.range(0, 70).map(i -> 5 + i * 7 % 40).toArray();
        return new CompletionRequest(
                new CompletionRequest.Tokens(prompt, false),
                false,
                AnswerOptions.builder()
                        .maxTokens(20)
                        .sampling(s -> s.temperature(1).seed(11))
                        .build());
    }
}

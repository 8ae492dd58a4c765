package org.scout4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PathPatternTest {
    private final PathPattern run = PathPattern.of("/c/{account}/run/{model}");

    @Test
    void aVariablePartMatchesOnePartAndTheLastTheRest() {
        assertThat(run.match("/c/a/run/@cf/meta/x"))
                .contains(Map.of("account", "a", "model", "@cf/meta/x"));
        assertThat(run.match("/c/a%20b/run/%40cf%2Fmeta%2Fx"))
                .contains(Map.of("account", "a b", "model", "@cf/meta/x"));
        assertThat(PathPattern.of("/m/{a}/{b}/end").match("/m/x/y/end"))
                .contains(Map.of("a", "x", "b", "y"));
    }

    @Test
    void otherPathsDoNotMatch() {
        for (String other :
                List.of(
                        "",
                        "/",
                        "/c",
                        "/c/a/run",
                        "/c/a/run/",
                        "/c//run/x",
                        "/c/a/b/run/x",
                        "c/a/run/x",
                        "/c/a/walk/x",
                        "/d/a/run/x")) {
            assertThat(run.match(other)).as(other).isEmpty();
        }
        assertThat(PathPattern.of("/m/{a}/{b}/end").match("/m/x/y/z/end")).isEmpty();
    }

    @Test
    void aPrefixEndsAtAPart() {
        PathPattern prefix = PathPattern.of("/c/{account}/ai/v1");
        assertThat(prefix.begins("/c/a/ai/v1")).isTrue();
        assertThat(prefix.begins("/c/a/ai/v1/models")).isTrue();
        for (String other : List.of("", "/c", "/c/a/ai", "/c/a/ai/v10", "/c//ai/v1")) {
            assertThat(prefix.begins(other)).as(other).isFalse();
        }
    }
}

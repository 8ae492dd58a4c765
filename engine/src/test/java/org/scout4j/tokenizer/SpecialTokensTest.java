package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.scout4j.tokenizer.TokenizerFixtures.LLAMA4;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpecialTokensTest {

    @Test
    void llama4HasTheReferencesNames() {
        Map<Integer, String> expected = TokenizerFixtures.llama4Specials();
        assertThat(expected).hasSize(2048);
        assertThat(LLAMA4.special().byId()).isEqualTo(expected);
        assertThat(LLAMA4.special().names()).hasSize(2048);
        assertThat(LLAMA4.vocabularySize()).isEqualTo(202_048);
    }

    @Test
    void answersByNameAndById() {
        SpecialTokens special = LLAMA4.special();
        assertThat(special.id(SpecialTokens.END_OF_TURN)).hasValue(200_008);
        assertThat(special.require(SpecialTokens.PYTHON_START)).isEqualTo(200_016);
        assertThat(special.name(200_007)).contains(SpecialTokens.END_OF_MESSAGE);
        assertThat(special.contains(200_000)).isTrue();
        assertThat(special.contains(199_999)).isFalse();
        assertThat(special.contains(202_048)).isFalse();
        assertThat(special.contains(-1)).isFalse();
        assertThat(special.id("<|eot_id|>")).isEmpty();
        assertThat(special.name(13)).isEmpty();
        assertThatThrownBy(() -> special.require("<|eot_id|>"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("<|eot_id|>");
    }

    @Test
    void isInTheOrderOfTheIds() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        ids.put("c", 9);
        ids.put("a", 7);
        ids.put("b", 8);
        SpecialTokens special = new SpecialTokens(ids);
        assertThat(special.names()).containsExactly("a", "b", "c");
        assertThat(special.byId().keySet()).containsExactly(7, 8, 9);
        ids.clear();
        assertThat(special.names()).hasSize(3);
    }

    @Test
    void oneIdHasOneName() {
        assertThatThrownBy(() -> new SpecialTokens(Map.of("a", 1, "b", 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

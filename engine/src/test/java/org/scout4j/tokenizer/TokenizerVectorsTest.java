package org.scout4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.tokenizer.TokenizerFixtures.LLAMA4;
import static org.scout4j.tokenizer.TokenizerFixtures.LLAMA4_WITHOUT_CAP;
import static org.scout4j.tokenizer.TokenizerFixtures.allowed;
import static org.scout4j.tokenizer.TokenizerFixtures.ints;
import static org.scout4j.tokenizer.TokenizerFixtures.rows;
import static org.scout4j.tokenizer.TokenizerFixtures.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.scout4j.checkpoint.TokenizerData;
import tools.jackson.databind.JsonNode;

/** The ids and texts of the reference implementations (golden/tokenizer). */
class TokenizerVectorsTest {

    @Test
    void encodesAsMetaDoes() {
        List<JsonNode> rows = rows("tokenizer/vectors.jsonl");
        assertThat(rows).hasSize(871);
        assertThat(differences(rows, LLAMA4, "ids")).isEmpty();
    }

    @Test
    void encodesWithoutTheSegmentCap() {
        List<JsonNode> rows = rows("tokenizer/vectors.jsonl");
        assertThat(rows.stream().filter(row -> row.has("ids_without_segment_cap"))).hasSize(4);
        assertThat(differences(rows, LLAMA4_WITHOUT_CAP, "ids_without_segment_cap")).isEmpty();
    }

    /** Rows whose ids differ; those without the named ids are compared with {@code ids}. */
    static List<String> differences(List<JsonNode> rows, Tokenizer tokenizer, String expected) {
        List<String> different = new ArrayList<>();
        for (JsonNode row : rows) {
            int[] ids = tokenizer.encodeWithSpecials(text(row), allowed(row, tokenizer));
            int[] begun =
                    row.path("bos").booleanValue(false) ? concat(new int[] {200_000}, ids) : ids;
            int[] all =
                    row.path("eos").booleanValue(false)
                            ? concat(begun, new int[] {200_001})
                            : begun;
            JsonNode wanted = row.has(expected) ? row.get(expected) : row.get("ids");
            if (!Arrays.equals(all, ints(wanted))) {
                different.add(row.get("id") + ": " + Arrays.toString(all) + " for " + wanted);
            }
        }
        return different;
    }

    private static int[] concat(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    @Test
    void decodesWhatItEncoded() {
        for (JsonNode row : rows("tokenizer/vectors.jsonl")) {
            if (row.get("cat").stringValue().equals("bos-eos")
                    || !row.get("allowed_special").isString()
                    || !row.get("allowed_special").stringValue().equals("none")) {
                continue;
            }
            String expected = row.has("decoded") ? row.get("decoded").stringValue() : text(row);
            assertThat(LLAMA4.decode(ints(row.get("ids"))))
                    .as(row.get("id").stringValue())
                    .isEqualTo(expected);
        }
    }

    @Test
    void streamsWholeCharacters() {
        List<JsonNode> rows = rows("tokenizer/decode_stream.jsonl");
        assertThat(rows).hasSize(70);
        for (JsonNode row : rows) {
            String id = row.get("id").stringValue();
            boolean skipSpecial = row.get("skip_special").booleanValue();
            StreamingDecoder decoder = LLAMA4.streamingDecoder(!skipSpecial);
            List<String> emitted = new ArrayList<>();
            for (int token : ints(row.get("ids"))) {
                emitted.add(decoder.accept(token));
            }
            String flushed = decoder.flush();
            List<String> expected = new ArrayList<>();
            row.get("emit").forEach(each -> expected.add(each.stringValue()));
            assertThat(emitted).as(id).isEqualTo(expected);
            assertThat(flushed).as(id).isEqualTo(row.get("flush").stringValue());
            assertThat(String.join("", emitted) + flushed)
                    .as(id)
                    .isEqualTo(row.get("text").stringValue());
            if (skipSpecial) {
                assertThat(LLAMA4.decode(ints(row.get("ids"))))
                        .as(id)
                        .isEqualTo(row.get("text").stringValue());
            }
        }
    }

    @Test
    void encodesSmolLm2AsBothReferencesDo() {
        TokenizerData.Gguf nano = TokenizerFixtures.SCOUT_NANO;
        Map<Integer, String> originalNames =
                new HashMap<>(Map.of(0, "<|endoftext|>", 1, "<|im_start|>", 2, "<|im_end|>"));
        List<String> tokens = new ArrayList<>(nano.tokens());
        originalNames.forEach(tokens::set);
        Tokenizer smolLm2 =
                Tokenizers.load(
                        new TokenizerData.Gguf(
                                nano.file(),
                                nano.model(),
                                nano.preTokenizer(),
                                tokens,
                                nano.tokenTypes(),
                                nano.merges(),
                                nano.bosToken(),
                                nano.eosToken(),
                                nano.endOfTurnToken(),
                                nano.addBos()));
        List<JsonNode> rows = rows("tokenizer/smollm2_vectors.jsonl");
        assertThat(rows).hasSize(328);
        assertThat(differences(rows, smolLm2, "ids")).isEmpty();
    }
}

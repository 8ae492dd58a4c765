package org.scout4j.checkpoint.gguf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.scout4j.checkpoint.MappedCheckpoint;
import org.scout4j.error.ScoutException;

/**
 * Any bytes as a GGUF model: opened or refused, nothing else. With JAZZER_FUZZ=1 it searches, else
 * it replays the inputs beside it, which {@link SmallGguf} wrote.
 */
class GgufFuzzTest {

    @FuzzTest
    void model(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = GgufFile.parse(GgufBytes.FILE, MemorySegment.ofArray(bytes));
            MappedCheckpoint.verified(GgufModel.of(GgufBytes.FILE, List.of(file)), arena);
        } catch (ScoutException refused) {
            // what damaged files deserve
        }
    }
}

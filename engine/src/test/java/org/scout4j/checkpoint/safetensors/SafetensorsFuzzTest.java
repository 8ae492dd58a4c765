package org.scout4j.checkpoint.safetensors;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import org.scout4j.error.ScoutException;

/**
 * Any bytes as the files of a Hugging Face folder: read or refused, nothing else. With
 * JAZZER_FUZZ=1 each searches, else it replays the inputs beside it, which {@link SmallModel} and
 * {@link SmallConfig} wrote.
 */
class SafetensorsFuzzTest {

    @FuzzTest
    void weights(byte[] bytes) {
        try {
            SafetensorsFile.parse(SafetensorsBytes.FILE, MemorySegment.ofArray(bytes));
        } catch (ScoutException refused) {
            // what damaged files deserve
        }
    }

    @FuzzTest
    void configuration(byte[] bytes) {
        try {
            ModelConfig config = ModelConfig.parse(SmallConfig.FILE, bytes);
            config.shape(false, Optional.empty());
            config.quantisation();
        } catch (ScoutException refused) {
            // what damaged files deserve
        }
    }

    @FuzzTest
    void index(byte[] bytes) {
        try {
            SafetensorsIndex.parse(Path.of("model.safetensors.index.json"), bytes);
        } catch (ScoutException refused) {
            // what damaged files deserve
        }
    }
}

package org.scout4j.engine;

import org.scout4j.cache.KvCache;
import org.scout4j.model.LanguageModel;

/** stub */
public final class Engine implements AutoCloseable {
    public Engine(LanguageModel model, KvCache cache, EngineLimits limits) {}

    public Generation submit(GenerationRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

package org.scout4j.server;

import org.scout4j.LoadProgress;

/** How far the loading of a server's model has come. Thread-safe. */
public final class Startup {
    private volatile LoadProgress progress = new LoadProgress(LoadProgress.Phase.OPENING, 0);

    /** Hears of progress; fits {@link org.scout4j.LoadOptions#onProgress}. */
    public void progressed(LoadProgress now) {
        progress = now;
    }

    /** The last that was heard. */
    public LoadProgress progress() {
        return progress;
    }
}

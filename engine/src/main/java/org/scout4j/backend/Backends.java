package org.scout4j.backend;

/** The choice of hardware. */
public final class Backends {
    private Backends() {}

    /**
     * Opens a backend by name.
     *
     * @param name {@code auto}, {@code vector} or {@code scalar}
     * @param threads worker threads, the caller included; 0 = all cores this process may use
     * @throws org.scout4j.error.PlatformUnfit if that backend cannot run here, with what would cure
     *     it
     * @throws org.scout4j.error.InvalidRequest if there is no backend of that name
     */
    public static Backend open(String name, int threads) {
        return new org.scout4j.backend.scalar.ScalarBackend();
    }
}

package org.scout4j.backend;

import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scout4j.backend.scalar.ScalarBackend;
import org.scout4j.backend.vector.VectorBackend;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.PlatformUnfit;

/** The choice of hardware. */
public final class Backends {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private Backends() {}

    /**
     * A backend and whether it can run here.
     *
     * @param name what {@link #open} takes
     * @param obstacle why it cannot run, or null if it can
     * @param remedy what would cure that, or null
     */
    public record Candidate(String name, @Nullable String obstacle, @Nullable String remedy) {
        public boolean usable() {
            return obstacle == null;
        }
    }

    /** All backends, the best first. */
    public static List<Candidate> candidates() {
        return List.of(vector(), new Candidate("scalar", null, null));
    }

    private static Candidate vector() {
        // Asked of the runtime before any class of that room is loaded: they do not link without.
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()) {
            return new Candidate("vector", null, null);
        }
        return new Candidate(
                "vector",
                "Java was started without the Vector API",
                "Start Java with --add-modules=" + VECTOR_MODULE + ".");
    }

    /**
     * Opens a backend by name.
     *
     * @param name {@code auto}, {@code vector} or {@code scalar}
     * @param threads worker threads, the caller included; 0 = all cores this process may use
     * @throws PlatformUnfit if that backend cannot run here, with what would cure it
     * @throws InvalidRequest if there is no backend of that name, or threads is negative
     */
    public static Backend open(String name, int threads) {
        if (threads < 0) {
            throw new InvalidRequest("threads", threads + " threads", "Use 0 for all cores.");
        }
        int workers = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        return switch (name) {
            case "auto" -> openBest(workers);
            case "vector" -> {
                Candidate vector = vector();
                if (vector.obstacle != null) {
                    throw new PlatformUnfit(
                            "The vector backend cannot run: " + vector.obstacle + ".",
                            String.valueOf(vector.remedy));
                }
                yield new VectorBackend(workers);
            }
            case "scalar" -> new ScalarBackend();
            default ->
                    throw new InvalidRequest(
                            "backend",
                            "There is no backend \"" + name + "\".",
                            "Use auto, vector or scalar.");
        };
    }

    private static Backend openBest(int workers) {
        Candidate vector = vector();
        if (vector.usable()) {
            return new VectorBackend(workers);
        }
        System.getLogger(Backends.class.getName())
                .log(
                        Level.WARNING,
                        "Computing without vectors, many times slower: {0}. {1}",
                        vector.obstacle,
                        vector.remedy);
        return new ScalarBackend();
    }
}

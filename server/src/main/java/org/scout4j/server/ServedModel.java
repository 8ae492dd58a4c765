package org.scout4j.server;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.scout4j.Scout;

/**
 * The one model of a server and the names that it answers to. The server listens before the model
 * is loaded: until then, and again while it drains, there is none.
 */
public final class ServedModel {
    /** What clients of the hosted services call Scout (spec "API" §0). */
    public static final List<String> SCOUT_NAMES =
            List.of(
                    "meta-llama/Llama-4-Scout-17B-16E",
                    "meta-llama/Llama-4-Scout-17B-16E-Instruct",
                    "meta-llama/llama-4-scout",
                    "@cf/meta/llama-4-scout-17b-16e-instruct");

    private static final Duration RETRY = Duration.ofSeconds(5);

    private final List<String> names;
    private final Instant created;
    private final AtomicReference<@Nullable Scout> scout = new AtomicReference<>();
    private volatile boolean draining;

    /**
     * Makes a model that is not loaded yet.
     *
     * @param names the first is the one it is listed under
     */
    public ServedModel(List<String> names, Instant created) {
        this.names = List.copyOf(names);
        this.created = created;
    }

    /** From now on it answers. */
    public void loaded(Scout model) {
        scout.set(model);
    }

    /** From now on new requests are refused; those that have the model keep it. */
    public void drain() {
        draining = true;
    }

    /** Whether requests are answered. */
    public boolean ready() {
        return scout.get() != null && !draining;
    }

    /** The model, also while the server drains; empty until it is loaded. */
    public Optional<Scout> loaded() {
        return Optional.ofNullable(scout.get());
    }

    /**
     * The model.
     *
     * @throws ProblemException 503 while it is being loaded and while the server drains
     */
    public Scout scout() {
        Scout model = scout.get();
        if (model == null) {
            throw new ProblemException(Problems.loading(RETRY));
        }
        if (draining) {
            throw new ProblemException(Problems.draining(RETRY));
        }
        return model;
    }

    /** Whether a request that names {@code name} means this model. */
    public boolean answersTo(String name) {
        return names.contains(name);
    }

    /** Its names; the first is the one it is listed under. */
    public List<String> names() {
        return names;
    }

    /** When the server began to serve it. */
    public Instant created() {
        return created;
    }
}

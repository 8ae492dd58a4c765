package org.scout4j.server;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Tells clients to come back at different times, up to 20 % sooner or later, so that those who were
 * refused together do not return together (spec "Reliability" F-29).
 *
 * @param draw numbers from 0 up to, without, 1
 */
record RetrySpread(DoubleSupplier draw) {
    private static final double WIDTH = 0.2;

    static RetrySpread random() {
        return new RetrySpread(() -> ThreadLocalRandom.current().nextDouble());
    }

    /** The value of a {@code Retry-After} header: whole seconds, at least one. */
    String seconds(Duration time) {
        double factor = 1 - WIDTH + 2 * WIDTH * draw.getAsDouble();
        return Long.toString(Math.max(1, Math.round(time.toMillis() / 1_000.0 * factor)));
    }
}

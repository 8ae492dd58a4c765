package org.scout4j.engine;

import java.util.function.Supplier;

/** What lies in a generation's queue between the engine's loop and the reader. */
sealed interface Delivery {

    /** Something for the reader to take. */
    record Event(TokenEvent event) implements Delivery {}

    /**
     * The end of the queue: what each further call of {@link Generation#next} throws, made in the
     * reader's thread so that the stack trace is the reader's.
     */
    record End(Supplier<? extends RuntimeException> exception) implements Delivery {}
}

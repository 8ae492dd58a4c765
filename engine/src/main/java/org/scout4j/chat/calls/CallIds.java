package org.scout4j.chat.calls;

/** Names for the calls of one answer. */
public interface CallIds {

    /** The next id: {@code call_} and 24 characters of base 62. */
    String next();

    /**
     * Ids that depend on nothing but a request's seed and which of its answers this is, so that the
     * same request gets the same ids again (spec "Chat" §4).
     *
     * @param choice number of the answer, from 0
     */
    static CallIds seeded(long seed, int choice) {
        return new SeededCallIds(seed, choice);
    }
}

package org.scout4j.cli;

import tools.jackson.core.JsonGenerator;

/** Makes one line of output from one line of input. */
interface LineAnswer {

    /**
     * Understands a line.
     *
     * @param line the input as it came
     * @return what writes the properties of the output; it does not fail any more
     * @throws org.scout4j.error.ScoutException if the line cannot be used
     */
    Properties answer(String line);

    /** Writes properties of an object that has been begun. */
    @FunctionalInterface
    interface Properties {
        void write(JsonGenerator generator);
    }
}

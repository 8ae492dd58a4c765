package org.scout4j.cli;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Makes one line of output from one line of input. */
interface LineAnswer {

    /**
     * @param line the input, an object
     * @return what writes the properties of the output; it does not fail any more
     * @throws org.scout4j.error.ScoutException if the line cannot be used
     */
    Properties answer(JsonNode line);

    /** Writes properties of an object that has been begun. */
    @FunctionalInterface
    interface Properties {
        void write(JsonGenerator generator);
    }
}

package org.scout4j;

import java.util.List;

/** The form that an answer is held to, token by token. */
public sealed interface ResponseFormat
        permits ResponseFormat.Text,
                ResponseFormat.JsonObject,
                ResponseFormat.Pattern,
                ResponseFormat.Choice,
                JsonSchema {
    /** Whatever the model writes. */
    ResponseFormat TEXT = new Text();

    /** Any JSON object. */
    ResponseFormat JSON_OBJECT = new JsonObject();

    /** Whatever the model writes. */
    record Text() implements ResponseFormat {}

    /** Any JSON object. */
    record JsonObject() implements ResponseFormat {}

    /**
     * A text that a regular expression matches from its first to its last character.
     *
     * @param regex in the syntax of ECMA-262 (JavaScript)
     */
    record Pattern(String regex) implements ResponseFormat {}

    /**
     * One of a few texts.
     *
     * @param texts at least one; not empty
     */
    record Choice(List<String> texts) implements ResponseFormat {
        public Choice {
            texts = List.copyOf(texts);
        }
    }
}

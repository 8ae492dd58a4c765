package org.scout4j.cli;

import java.util.List;
import org.scout4j.error.InvalidRequest;

/** The prompt of a command: what was typed behind it, then what is piped in. */
final class PromptText {
    private PromptText() {}

    /**
     * @param words arguments, joined by spaces as an unquoted sentence arrives
     * @throws InvalidRequest if there is neither
     */
    static String of(List<String> words, Surroundings here) {
        String typed = String.join(" ", words);
        String piped = here.terminals().in() ? "" : StandardInput.readAll(here);
        String between = typed.isEmpty() || piped.isEmpty() ? "" : "\n\n";
        return required(typed + between + piped, "standard input has none");
    }

    /**
     * The prompt where standard input is an image.
     *
     * @throws InvalidRequest if there is none
     */
    static String typed(List<String> words) {
        return required(String.join(" ", words), "standard input is an image");
    }

    private static String required(String prompt, String whyNotPiped) {
        if (prompt.isEmpty()) {
            throw new InvalidRequest(
                    "prompt",
                    "There is no prompt: none was typed, and " + whyNotPiped + ".",
                    "Type it behind the command: scout4j chat \"Why is the sky blue?\"");
        }
        return prompt;
    }
}

package org.scout4j.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.scout4j.error.VerificationFailed;
import tools.jackson.databind.JsonNode;

/** Knows the splits that {@code tokenizer.json} may ask for, and refuses all others. */
final class HuggingFacePreTokenizers {
    private static final int LONGEST_QUOTE = 200;

    private HuggingFacePreTokenizers() {}

    /**
     * The split that a {@code pre_tokenizer} describes: an expression and then bytes, or one of the
     * built-in ones.
     */
    static PreTokenizer recognise(Path file, JsonNode description) {
        List<JsonNode> steps = steps(description);
        if (steps.size() == 1 && isByteLevel(steps.getFirst(), true)) {
            return new Gpt2PreTokenizer(false);
        }
        if (steps.size() == 2) {
            JsonNode first = steps.getFirst();
            JsonNode second = steps.getLast();
            if (isDigits(first) && isByteLevel(second, true)) {
                return new Gpt2PreTokenizer(true);
            }
            if (isSplit(first) && isByteLevel(second, false)) {
                switch (first.path("pattern").path("Regex").asString("")) {
                    case Llama4PreTokenizer.EXPRESSION -> {
                        return new Llama4PreTokenizer();
                    }
                    case Llama3PreTokenizer.EXPRESSION -> {
                        return new Llama3PreTokenizer();
                    }
                    default -> {}
                }
            }
        }
        String text = description.toString();
        throw new VerificationFailed(
                file,
                "scout4j does not know this pre_tokenizer: "
                        + (text.length() > LONGEST_QUOTE
                                ? text.substring(0, LONGEST_QUOTE) + " …"
                                : text));
    }

    /** A decoder must do nothing but turn the byte alphabet back into bytes. */
    static void checkDecoder(Path file, JsonNode description) {
        if (!description.isNull() && !hasType(description, "ByteLevel")) {
            throw new VerificationFailed(file, "the decoder is not of type ByteLevel");
        }
    }

    private static List<JsonNode> steps(JsonNode description) {
        if (!hasType(description, "Sequence")) {
            return List.of(description);
        }
        List<JsonNode> steps = new ArrayList<>();
        description.path("pretokenizers").forEach(steps::add);
        return steps;
    }

    // use_regex, GPT-2's split, is on where the file is older than the choice.
    private static boolean isByteLevel(JsonNode step, boolean splits) {
        return hasType(step, "ByteLevel")
                && step.path("use_regex").asBoolean(true) == splits
                && !step.path("add_prefix_space").asBoolean(true);
    }

    private static boolean isDigits(JsonNode step) {
        return hasType(step, "Digits") && step.path("individual_digits").asBoolean(false);
    }

    private static boolean isSplit(JsonNode step) {
        return hasType(step, "Split")
                && step.path("behavior").asString("").equals("Isolated")
                && !step.path("invert").asBoolean(false);
    }

    private static boolean hasType(JsonNode step, String type) {
        return step.path("type").asString("").equals(type);
    }
}

package org.scout4j.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The special tokens of Llama 4 by id (spec "Tokenizer" §4). {@code tokenizer.model} does not list
 * them, and other files list them in part or misspell some.
 */
final class Llama4SpecialTokens {
    /** Ids below are ordinary tokens. */
    static final int FIRST = 200_000;

    /** All ids, special ones included. */
    static final int VOCABULARY = 202_048;

    private static final System.Logger LOGGER =
            System.getLogger(Llama4SpecialTokens.class.getName());
    private static final int MOST_LOGGED = 8;
    private static final List<String> NAMES = names();

    private Llama4SpecialTokens() {}

    /** The name of a token from {@link #FIRST} to {@link #VOCABULARY} - 1. */
    static String name(int id) {
        return NAMES.get(id - FIRST);
    }

    static boolean isSpecial(int id) {
        return id >= FIRST && id < VOCABULARY;
    }

    /** Adds all of them. */
    static void addTo(Vocabulary.Builder tokens) {
        for (int id = FIRST; id < VOCABULARY; id++) {
            tokens.add(id, name(id), Vocabulary.Kind.CONTROL);
        }
    }

    /** Says which names a file spells in another way; they are not used. */
    static void logDifferences(Path file, IntFunction<Optional<String>> nameInFile) {
        List<String> differences = new ArrayList<>();
        for (int id = FIRST; id < VOCABULARY; id++) {
            Optional<String> name = nameInFile.apply(id);
            if (name.isPresent() && !name.get().equals(name(id))) {
                differences.add(id + " " + name.get() + " for " + name(id));
            }
        }
        if (!differences.isEmpty()) {
            LOGGER.log(
                    System.Logger.Level.INFO,
                    "{0}: {1} special tokens are named otherwise than in Llama 4: {2}",
                    file.getFileName(),
                    differences.size(),
                    differences.subList(0, Math.min(differences.size(), MOST_LOGGED)));
        }
    }

    // In the order of the ids: what was trained, with what was kept in reserve between.
    private static List<String> names() {
        String text = "text_post_train_reserved_special_token_";
        String vision = "vision_reserved_special_token_";
        List<String> names = new ArrayList<>(VOCABULARY - FIRST);
        add(names, "begin_of_text", "end_of_text", "fim_prefix", "fim_middle", "fim_suffix");
        add(names, "header_start", "header_end", "eom", "eot", "step");
        addNumbered(names, text, 0, 5);
        add(names, "python_start", "python_end", "finetune_right_pad");
        addNumbered(names, text, 8, 68);
        add(names, "image_start", "image_end");
        addNumbered(names, vision, 0, 1);
        add(names, "tile_x_separator", "tile_y_separator");
        addNumbered(names, vision, 2, 5);
        add(names, "image");
        addNumbered(names, vision, 6, 6);
        add(names, "patch");
        addNumbered(names, vision, 7, 1047);
        addNumbered(names, "reasoning_reserved_special_token_", 0, 7);
        add(names, "reasoning_thinking_start", "reasoning_thinking_end");
        addNumbered(names, "reserved_special_token_", 0, 903);
        return List.copyOf(names);
    }

    private static void add(List<String> names, String... plain) {
        for (String name : plain) {
            names.add("<|" + name + "|>");
        }
    }

    private static void addNumbered(List<String> names, String stem, int from, int to) {
        for (int number = from; number <= to; number++) {
            add(names, stem + number);
        }
    }
}

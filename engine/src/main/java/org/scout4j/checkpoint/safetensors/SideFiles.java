package org.scout4j.checkpoint.safetensors;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.checkpoint.ModelFiles;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.VerificationFailed;
import tools.jackson.databind.JsonNode;

/** What lies beside the weights in a model folder and is not needed to compute. */
record SideFiles(TokenizerData tokenizer, @Nullable String chatTemplate, @Nullable String licence) {
    private static final String TEMPLATE = "chat_template";
    private static final int LARGEST_TEMPLATE = 4 << 20;
    private static final int LARGEST_TOKENIZER_CONFIG = 32 << 20;
    private static final int MOST_TEMPLATES = 100;
    private static final int README_BEGINNING = 64 << 10;

    /**
     * Reads what is there.
     *
     * @throws VerificationFailed if one of them is damaged
     */
    static SideFiles read(ModelFolder folder) {
        return new SideFiles(
                tokenizer(folder), template(folder).orElse(null), licence(folder).orElse(null));
    }

    private static TokenizerData tokenizer(ModelFolder folder) {
        Optional<Path> huggingFace = folder.find("tokenizer.json");
        if (huggingFace.isPresent()) {
            return new TokenizerData.HuggingFace(huggingFace.get());
        }
        return folder.find("tokenizer.model")
                .<TokenizerData>map(TokenizerData.Tiktoken::new)
                .orElseGet(() -> new TokenizerData.None(folder.path()));
    }

    // In the order of transformers: a file of its own, then the tokenizer's, then the processor's.
    private static Optional<String> template(ModelFolder folder) {
        return folder.read("chat_template.jinja", LARGEST_TEMPLATE)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .or(() -> template(folder, "tokenizer_config.json"))
                .or(() -> template(folder, "chat_template.json"));
    }

    private static Optional<String> template(ModelFolder folder, String file) {
        return folder.read(file, LARGEST_TOKENIZER_CONFIG)
                .map(json -> JsonSection.parse(folder.path().resolve(file), json))
                .flatMap(SideFiles::template);
    }

    /** One template, or the one called {@code default} of a list of named ones. */
    static Optional<String> template(JsonSection section) {
        if (!section.isList(TEMPLATE)) {
            return section.text(TEMPLATE);
        }
        for (JsonNode entry : section.elements(TEMPLATE, MOST_TEMPLATES)) {
            JsonNode name = entry.path("name");
            JsonNode template = entry.path("template");
            if (name.isString() && name.stringValue().equals("default") && template.isString()) {
                return Optional.of(template.stringValue());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> licence(ModelFolder folder) {
        Optional<String> named =
                folder.find("README.md")
                        .map(file -> ModelFiles.readBeginning(file, README_BEGINNING))
                        .flatMap(bytes -> licence(new String(bytes, StandardCharsets.UTF_8)));
        if (named.isPresent()) {
            return named;
        }
        for (String file : new String[] {"LICENSE", "LICENSE.txt", "LICENSE.md"}) {
            if (folder.find(file).isPresent()) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** {@code license} of a model card's front matter; {@code license_name} if that is "other". */
    static Optional<String> licence(String modelCard) {
        if (!modelCard.startsWith("---")) {
            return Optional.empty();
        }
        Optional<String> licence = Optional.empty();
        Optional<String> name = Optional.empty();
        for (String line : modelCard.lines().skip(1).toList()) {
            if (line.startsWith("---")) {
                break;
            }
            licence = licence.or(() -> after("license:", line));
            name = name.or(() -> after("license_name:", line));
        }
        return licence.isPresent() && licence.get().equals("other") && name.isPresent()
                ? name
                : licence;
    }

    private static Optional<String> after(String key, String line) {
        if (!line.startsWith(key)) {
            return Optional.empty();
        }
        String value = line.substring(key.length()).replace("\"", "").replace("'", "").strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}

package org.scout4j.cli;

import org.jspecify.annotations.Nullable;
import org.scout4j.error.InvalidRequest;
import picocli.CommandLine.Option;

/** {@code -m}: which model. */
final class ModelOption {
    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description =
                    "A Hugging Face directory or GGUF file, or a name below ./models,"
                            + " $$SCOUT4J_HOME/models or the checkout's models. Without it:"
                            + " $$SCOUT4J_MODEL, then the small demonstration model.")
    @Nullable String model;

    /**
     * This option, or the same given as a plain argument.
     *
     * @throws InvalidRequest if both are given
     */
    ModelOption or(@Nullable String positional) {
        if (positional == null) {
            return this;
        }
        if (model != null) {
            throw new InvalidRequest(
                    "model", "The model is named twice: " + model + " and " + positional + ".");
        }
        ModelOption option = new ModelOption();
        option.model = positional;
        return option;
    }

    ModelLookup find(Surroundings here) {
        return ModelLookup.find(model, here);
    }
}

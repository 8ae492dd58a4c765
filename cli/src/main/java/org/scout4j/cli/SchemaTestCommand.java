package org.scout4j.cli;

import java.util.Set;
import org.scout4j.error.InvalidRequest;
import org.scout4j.grammar.machine.TokenVocabulary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code scout4j schema test}: which documents a schema's masks let through, and how fast. */
@Command(
        name = "test",
        abbreviateSynopsis = true,
        description = {
            "Reads documents through the token masks of their schemas.",
            "",
            "Each line of standard input is an object and gives one line of output:",
            "  {\"name\": …, \"schema\": …, \"tests\": [{\"data\": …, \"valid\": …}, …]}",
            "gives",
            "  {\"name\": …, \"supported\": …, \"reason\": …, \"accepted\": [true, …],",
            "   \"compile_us\": …, \"mask_us\": {\"p50\": …, \"p99\": …, \"max\": …}}",
            "accepted says of each document, written as compact JSON with its members in the schema's"
                    + " order, whether every token of it was allowed and it could end. Times are"
                    + " microseconds on one thread. Two seconds of practice come first, since the JVM"
                    + " compiles what it runs often; it collects garbage between lines.",
        })
final class SchemaTestCommand implements Subcommand {
    private static final String LLAMA_4 = "llama4-tokenizer";

    private final Surroundings here;

    @Option(
            names = "--jsonl",
            required = true,
            description = "Read lines of JSON from standard input.")
    private boolean lines;

    @Option(
            names = "--tokenizer",
            paramLabel = "MODEL",
            defaultValue = LLAMA_4,
            description =
                    "A model or tokenizer file whose tokens are used. Default: ${DEFAULT-VALUE}.")
    private String tokenizer = LLAMA_4;

    @Option(names = "--no-warm-up", description = "Start without practice.")
    private boolean cold;

    @Mixin private final OutputFlags output = new OutputFlags();

    SchemaTestCommand(Surroundings here) {
        this.here = here;
    }

    @Override
    public OutputFlags output() {
        return output;
    }

    @Override
    public int run() {
        if (!lines) {
            throw new InvalidRequest("jsonl", "Lines are all that it reads.", "Add --jsonl.");
        }
        try (TokenizerOnly source = TokenizerOnly.open(ModelLookup.find(tokenizer, here).path())) {
            SchemaLines answer =
                    new SchemaLines(
                            source.tokenizer(), TokenVocabulary.of(source.tokenizer(), Set.of()));
            if (!cold) {
                answer.warmUp();
            }
            return new JsonLines(here).answerAll(answer);
        }
    }
}

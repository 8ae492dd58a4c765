package org.scout4j.tokenizer;

import java.nio.file.Path;

/** Vocabularies of single bytes, to which a test adds what it is about. */
final class TinyVocabulary {
    static final Path FILE = Path.of("tiny");

    private TinyVocabulary() {}

    /** The 256 single bytes; each has its own value as id. */
    static Vocabulary.Builder bytes() {
        Vocabulary.Builder builder = new Vocabulary.Builder(FILE);
        for (int value = 0; value < 256; value++) {
            builder.add(value, new byte[] {(byte) value}, Vocabulary.Kind.NORMAL);
        }
        return builder;
    }

    /** A tokenizer with Llama 4's split that merges nothing. */
    static Tokenizer tokenizer(Vocabulary.Builder builder) {
        Vocabulary vocabulary = builder.build();
        return new BytePairTokenizer(
                new BytePairModel(
                        vocabulary,
                        new MergeTable.Builder(FILE, vocabulary, 0).build(),
                        new Llama4PreTokenizer(),
                        true),
                TokenizerOptions.DEFAULT);
    }
}

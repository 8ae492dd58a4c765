package org.scout4j.tokenizer;

/**
 * What every source of tokenizer data comes down to.
 *
 * @param wholePiecesFirst a piece that is a token is that token, whether or not merging would find
 *     it: the rule of tiktoken, and of files that say {@code ignore_merges}
 */
record BytePairModel(
        Vocabulary vocabulary,
        MergeTable merges,
        PreTokenizer preTokenizer,
        boolean wholePiecesFirst) {}

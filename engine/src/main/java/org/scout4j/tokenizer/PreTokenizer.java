package org.scout4j.tokenizer;

/**
 * Cuts text into the pieces within which bytes are merged. The references define the cut by a
 * regular expression; here each is a scanner over code points that takes the same alternatives in
 * the same order and gives back what the expression's backtracking would give back, in linear time.
 */
sealed interface PreTokenizer permits Llama4PreTokenizer, Llama3PreTokenizer, Gpt2PreTokenizer {

    /**
     * The end of the piece that begins at {@code from}.
     *
     * @param text code points
     * @param from less than {@code to}
     * @param to end of the text: what follows is not looked at
     * @return greater than {@code from}, at most {@code to}
     */
    int pieceEnd(int[] text, int from, int to);

    /** Whether the vocabulary's owner cuts long texts first ({@link SegmentCap}). */
    boolean capsSegments();
}

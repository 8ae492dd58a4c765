package org.scout4j.tokenizer;

import static org.scout4j.tokenizer.CharacterClass.WHITE_SPACE;

/**
 * Meta's limits before the split (spec "Tokenizer" §2.2): texts are cut every 400 000 code points,
 * and each of those parts again wherever a run of white space, or a run without, would grow beyond
 * 25 000. The segments are encoded independently.
 */
final class SegmentCap {
    static final int LONGEST_PART = 400_000;
    static final int LONGEST_RUN = 25_000;

    private SegmentCap() {}

    /** The end of the segment that begins at {@code from}. */
    static int segmentEnd(int[] text, int from) {
        if (text.length <= LONGEST_RUN) {
            return text.length;
        }
        int end = (int) Math.min(text.length, (from / LONGEST_PART + 1L) * LONGEST_PART);
        boolean inSpace = isSpace(text[from]);
        int run = 0;
        for (int at = from; at < end; at++) {
            boolean space = isSpace(text[at]);
            run = space == inSpace ? run + 1 : 1;
            inSpace = space;
            if (run > LONGEST_RUN) {
                return at;
            }
        }
        return end;
    }

    // Python's str.isspace: White_Space and the four information separators.
    private static boolean isSpace(int codePoint) {
        return CharacterClass.is(codePoint, WHITE_SPACE)
                || (codePoint >= 0x1C && codePoint <= 0x1F);
    }
}

package org.scout4j.tokenizer;

/**
 * What a code point is to a pre-tokenizer: exactly one of eight classes, each a bit, so that a set
 * of classes is a mask. Unicode 16, in the JDK as in the reference.
 */
final class CharacterClass {
    /** {@code \p{Lu}}, {@code \p{Lt}}. */
    static final int UPPER = 1;

    /** {@code \p{Ll}}. */
    static final int LOWER = 1 << 1;

    /** {@code \p{Lm}}, {@code \p{Lo}}: letters without case. */
    static final int CASELESS = 1 << 2;

    /** {@code \p{M}}. */
    static final int MARK = 1 << 3;

    /** {@code \p{N}}. */
    static final int NUMBER = 1 << 4;

    /** {@code \s} (the property White_Space) other than carriage return and line feed. */
    static final int SPACE = 1 << 5;

    /** Carriage return and line feed. */
    static final int NEWLINE = 1 << 6;

    /** Punctuation, symbols, controls, unassigned: what is left. */
    static final int OTHER = 1 << 7;

    /** {@code \p{L}}. */
    static final int LETTER = UPPER | LOWER | CASELESS;

    /** {@code \s}. */
    static final int WHITE_SPACE = SPACE | NEWLINE;

    /** {@code [^\s\p{L}\p{N}]}. */
    static final int SYMBOL = MARK | OTHER;

    /** {@code [^\r\n\p{L}\p{N}]}: what may lead a word in Meta's vocabularies. */
    static final int LEAD = MARK | SPACE | OTHER;

    private static final byte[] BASIC_PLANE = new byte[Character.MIN_SUPPLEMENTARY_CODE_POINT];

    static {
        for (int codePoint = 0; codePoint < BASIC_PLANE.length; codePoint++) {
            BASIC_PLANE[codePoint] = (byte) classify(codePoint);
        }
    }

    private CharacterClass() {}

    /** The class of a code point. */
    static int of(int codePoint) {
        return codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT
                ? BASIC_PLANE[codePoint] & 0xFF
                : classify(codePoint);
    }

    /** Whether a code point's class is in this mask. */
    static boolean is(int codePoint, int mask) {
        return (of(codePoint) & mask) != 0;
    }

    private static int classify(int codePoint) {
        if (codePoint == '\r' || codePoint == '\n') {
            return NEWLINE;
        }
        if (isWhiteSpace(codePoint)) {
            return SPACE;
        }
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER;
            case Character.LOWERCASE_LETTER -> LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> CASELESS;
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                    MARK;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                    NUMBER;
            default -> OTHER;
        };
    }

    // Not Character.isWhitespace, which leaves out U+0085 and the no-break spaces.
    private static boolean isWhiteSpace(int codePoint) {
        return switch (codePoint) {
            case ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default ->
                    (codePoint >= 0x09 && codePoint <= 0x0D)
                            || (codePoint >= 0x2000 && codePoint <= 0x200A);
        };
    }
}

package org.scout4j.cli;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Reads a line of the interactive chat as it is: quotes and backslashes mean nothing. A line that
 * begins with {@code """} goes on until another {@code """}.
 */
final class ChatLineParser implements Parser {
    private static final String FENCE = "\"\"\"";

    /** A line for completion: one word as far as slash commands go. */
    private record WholeLine(String line, int cursor) implements CompletingParsedLine {
        @Override
        public String word() {
            return line;
        }

        @Override
        public int wordCursor() {
            return cursor;
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(line);
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return cursor;
        }

        @Override
        public int rawWordLength() {
            return line.length();
        }
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        boolean open = line.startsWith(FENCE) && line.indexOf(FENCE, FENCE.length()) < 0;
        if (open && context != ParseContext.COMPLETE) {
            throw new EOFError(-1, -1, "the block has no end yet", FENCE);
        }
        return new WholeLine(line, cursor);
    }

    @Override
    public boolean isEscapeChar(char ch) {
        return false;
    }

    /** What the user meant: without the fences of a block, or the blanks around a line. */
    static String text(String line) {
        String text = line.strip();
        if (!text.startsWith(FENCE)) {
            return text;
        }
        int end = text.indexOf(FENCE, FENCE.length());
        String block = text.substring(FENCE.length(), end < 0 ? text.length() : end);
        return block.strip();
    }
}

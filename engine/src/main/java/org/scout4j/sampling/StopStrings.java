package org.scout4j.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.error.InvalidRequest;

/**
 * Watches one stream of text for strings that end it (spec "Tokenizer" §3). Text arrives in pieces
 * that may cut a stop string anywhere; what could still become one is held back, everything else is
 * passed on at once.
 *
 * <p>The string that is complete first ends the text; of several complete at the same character the
 * longest counts. So the outcome does not depend on where the pieces were cut. The text kept ends
 * before the stop string, unless it is to be included.
 *
 * <p>Each string is followed by the Knuth-Morris-Pratt automaton, whose state is the length of the
 * longest prefix that the text so far ends with: exactly what must be held back. Time is linear in
 * the text for each string.
 */
public final class StopStrings {
    private final String[] stops;
    private final boolean include;

    /** {@code borders[s][n]}: longest proper prefix of stops[s] that its first n chars end with. */
    private final int[][] borders;

    /** Length of the longest prefix of each stop string that the text so far ends with. */
    private final int[] matched;

    /** The text held back: the longest of the matched prefixes. */
    private final StringBuilder held = new StringBuilder();

    private @Nullable String found;

    /**
     * Starts a stream.
     *
     * @param stops none empty; no stop strings let everything through
     * @param include whether the text kept ends after the stop string instead of before it
     * @throws InvalidRequest (stop) if one is empty or has an unpaired surrogate
     */
    public StopStrings(List<String> stops, boolean include) {
        this.include = include;
        this.stops = stops.stream().distinct().toArray(String[]::new);
        this.borders = new int[this.stops.length][];
        this.matched = new int[this.stops.length];
        for (int s = 0; s < this.stops.length; s++) {
            check(this.stops[s]);
            borders[s] = borders(this.stops[s]);
        }
    }

    private static void check(String stop) {
        if (stop.isEmpty()) {
            throw new InvalidRequest("stop", "A stop string must not be empty.");
        }
        if (stop.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
            // It could match half of a character, and never a whole one.
            throw new InvalidRequest("stop", "A stop string has an unpaired surrogate.");
        }
    }

    private static int[] borders(String stop) {
        int[] borders = new int[stop.length() + 1];
        for (int n = 2; n <= stop.length(); n++) {
            borders[n] = advance(stop, borders, borders[n - 1], stop.charAt(n - 1));
        }
        return borders;
    }

    /** The automaton's step: from {@code state} matched characters by one more. */
    private static int advance(String stop, int[] borders, int state, char next) {
        while (state == stop.length() || stop.charAt(state) != next) {
            if (state == 0) {
                return 0;
            }
            state = borders[state];
        }
        return state + 1;
    }

    /**
     * Takes the next piece and returns the text that has become certain; often it is the piece
     * itself. After a stop string nothing comes any more.
     */
    public String accept(String piece) {
        if (found != null) {
            return "";
        }
        if (stops.length == 0) {
            return piece;
        }
        held.append(piece);
        int start = held.length() - piece.length();
        int longest = 0;
        for (int end = start + 1; end <= held.length(); end++) {
            longest = 0;
            for (int s = 0; s < stops.length; s++) {
                matched[s] = advance(stops[s], borders[s], matched[s], held.charAt(end - 1));
                longest = Math.max(longest, matched[s]);
            }
            String complete = complete();
            if (complete != null) {
                found = complete;
                return held.substring(0, include ? end : end - complete.length());
            }
        }
        if (piece.isEmpty()) {
            return "";
        }
        String certain = held.substring(0, held.length() - longest);
        held.delete(0, certain.length());
        return certain;
    }

    /** The longest stop string that the text now ends with. */
    private @Nullable String complete() {
        String complete = null;
        for (int s = 0; s < stops.length; s++) {
            if (matched[s] == stops[s].length()
                    && (complete == null || stops[s].length() > complete.length())) {
                complete = stops[s];
            }
        }
        return complete;
    }

    /** Ends the stream: what was held back, as no stop string came of it. */
    public String flush() {
        if (found != null) {
            return "";
        }
        String rest = held.toString();
        held.setLength(0);
        Arrays.fill(matched, 0);
        return rest;
    }

    /** The stop string that ended the text, if one has. */
    public Optional<String> found() {
        return Optional.ofNullable(found);
    }
}

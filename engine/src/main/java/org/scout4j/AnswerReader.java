package org.scout4j;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.scout4j.chat.calls.OutputEnd;
import org.scout4j.chat.calls.OutputEvent;
import org.scout4j.chat.calls.OutputParser;
import org.scout4j.chat.calls.ParsedMessage;
import org.scout4j.sampling.StopStrings;
import org.scout4j.tokenizer.StreamingDecoder;

/**
 * From tokens to what a client sees: whole characters, up to a stop string, and the calls among
 * them. Positions are counted in characters decoded so far.
 */
final class AnswerReader {
    private final StreamingDecoder decoder;
    private final StopStrings stops;
    private final OutputParser parser;
    private final Set<Integer> pythonTags;

    /** Where tokens that open or close Python code stand in text that is still held back. */
    private final Deque<Long> tags = new ArrayDeque<>();

    private long decoded;
    private long passed;

    /**
     * @param pythonTags tokens that the parser is told of; their names are no text
     */
    AnswerReader(
            StreamingDecoder decoder,
            StopStrings stops,
            OutputParser parser,
            Set<Integer> pythonTags) {
        this.decoder = decoder;
        this.stops = stops;
        this.parser = parser;
        this.pythonTags = Set.copyOf(pythonTags);
    }

    List<OutputEvent> accept(int token) {
        String piece = decoder.accept(token);
        decoded += piece.length();
        if (pythonTags.contains(token)) {
            tags.add(decoded);
        }
        return pass(stops.accept(piece));
    }

    /** Ends the answer. A stop string that was found has cut it. */
    List<OutputEvent> end(OutputEnd end) {
        String rest = decoder.flush();
        decoded += rest.length();
        List<OutputEvent> events = pass(stops.accept(rest) + stops.flush());
        events.addAll(parser.end(stops.found().isPresent() ? OutputEnd.CUT : end));
        return events;
    }

    private List<OutputEvent> pass(String visible) {
        List<OutputEvent> events = new ArrayList<>();
        int at = 0;
        while (!tags.isEmpty() && tags.getFirst() <= passed + visible.length() - at) {
            int end = at + (int) (tags.removeFirst() - passed);
            piece(visible.substring(at, end), events);
            at = end;
            events.addAll(parser.acceptPythonTag());
        }
        piece(visible.substring(at), events);
        return events;
    }

    private void piece(String piece, List<OutputEvent> events) {
        passed += piece.length();
        if (!piece.isEmpty()) {
            events.addAll(parser.accept(piece));
        }
    }

    /** The stop string that was found, if one was. */
    Optional<String> stop() {
        return stops.found();
    }

    /** Where the text of the next token begins. */
    long decoded() {
        return decoded;
    }

    /** Up to where it is certain what becomes of the text. */
    long settled() {
        return parser.settled();
    }

    ParsedMessage message() {
        return parser.message();
    }
}

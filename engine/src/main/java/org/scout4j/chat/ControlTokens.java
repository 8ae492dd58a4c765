package org.scout4j.chat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.chat.template.Text;
import org.scout4j.tokenizer.SpecialTokens;

/**
 * Finds control tokens in what a template wrote. Only characters that the template itself wrote
 * count (see {@link Text}): a name of which a single character came from a request is ordinary
 * text.
 */
final class ControlTokens {
    private final Node root = new Node();

    /** The names that begin with the characters on the way to this node. */
    private static final class Node {
        private final Map<Character, Node> next = new HashMap<>();
        private int id = -1;
    }

    ControlTokens(SpecialTokens special) {
        special.byId().forEach((id, name) -> add(name, id));
    }

    private void add(String name, int id) {
        Node node = root;
        for (int i = 0; i < name.length(); i++) {
            node = node.next.computeIfAbsent(name.charAt(i), _ -> new Node());
        }
        node.id = id;
    }

    /**
     * Cuts a text at its control tokens, the longest at each place, from left to right.
     *
     * <p>Line breaks that the template writes right after a control token are encoded on their own:
     * they belong to the header of the turn, and Meta's code (for Llama 3 and 4) encodes them so.
     * Everything else between two control tokens is encoded as one text, as Hugging Face does.
     */
    List<Piece> pieces(Text text) {
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < text.length(); ) {
            int end = text.runEnd(at);
            if (!text.isTrusted(at)) {
                at = end;
                continue;
            }
            while (at < end) {
                Match match = longest(text.chars(), at, end);
                if (match.id < 0) {
                    at++;
                    continue;
                }
                plain(text.substring(from, at), pieces);
                String name = text.chars().substring(at, match.end);
                pieces.add(new Piece.Control(match.id, name));
                at = match.end;
                from = at;
            }
        }
        plain(text.substring(from, text.length()), pieces);
        return pieces;
    }

    private record Match(int id, int end) {}

    private Match longest(String chars, int from, int limit) {
        Match match = new Match(-1, from);
        Node node = root;
        for (int i = from; i < limit; i++) {
            node = node.next.get(chars.charAt(i));
            if (node == null) {
                break;
            }
            if (node.id >= 0) {
                match = new Match(node.id, i + 1);
            }
        }
        return match;
    }

    private static void plain(Text text, List<Piece> pieces) {
        int breaks = 0;
        if (!pieces.isEmpty()) {
            while (breaks < text.length()
                    && text.chars().charAt(breaks) == '\n'
                    && text.isTrusted(breaks)) {
                breaks++;
            }
        }
        if (breaks > 0) {
            pieces.add(new Piece.Plain(text.chars().substring(0, breaks)));
        }
        if (breaks < text.length()) {
            pieces.add(new Piece.Plain(text.chars().substring(breaks)));
        }
    }
}

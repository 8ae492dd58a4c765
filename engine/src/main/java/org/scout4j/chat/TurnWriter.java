package org.scout4j.chat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.scout4j.tokenizer.SpecialTokens;

/** Writes a conversation in Llama 4's turn format (spec "Chat" §1), piece by piece. */
final class TurnWriter {
    private final SpecialTokens special;
    private final boolean joinsText;
    private final Iterator<ImageLayout> images;
    private final List<Piece> pieces = new ArrayList<>();

    /**
     * @param joinsText whether texts that follow each other are encoded as one, instead of one by
     *     one
     * @param images layouts of the conversation's images, in order
     */
    TurnWriter(SpecialTokens special, boolean joinsText, List<ImageLayout> images) {
        this.special = special;
        this.joinsText = joinsText;
        this.images = images.iterator();
        control(SpecialTokens.BEGIN_OF_TEXT);
    }

    TurnWriter control(String name) {
        pieces.add(new Piece.Control(special.require(name), name));
        return this;
    }

    TurnWriter text(String text) {
        if (joinsText && pieces.getLast() instanceof Piece.Plain(String before)) {
            pieces.set(pieces.size() - 1, new Piece.Plain(before + text));
        } else if (!text.isEmpty()) {
            pieces.add(new Piece.Plain(text));
        }
        return this;
    }

    /** Parts of a message, each text on its own, images as their tokens. */
    TurnWriter parts(List<Message.Part> parts) {
        for (Message.Part part : parts) {
            switch (part) {
                case Message.Part.Text(String text) -> text(text);
                case Message.Part.Image _ ->
                        pieces.addAll(new ImageWriter(special).pieces(images.next()));
            }
        }
        return this;
    }

    /** What begins a turn. */
    TurnWriter header(String role) {
        return control(SpecialTokens.HEADER_START)
                .text(role)
                .control(SpecialTokens.HEADER_END)
                .text("\n\n");
    }

    /** A whole turn. */
    TurnWriter turn(String role, String content) {
        return header(role).text(content).control(SpecialTokens.END_OF_TURN);
    }

    List<Piece> pieces() {
        return pieces;
    }
}

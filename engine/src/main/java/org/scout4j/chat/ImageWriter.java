package org.scout4j.chat;

import java.util.ArrayList;
import java.util.List;
import org.scout4j.tokenizer.SpecialTokens;

/** Writes the tokens of an image (spec "Model" §3.4). */
record ImageWriter(SpecialTokens special) {
    static final List<String> CONTROLS =
            List.of(
                    SpecialTokens.IMAGE_START,
                    SpecialTokens.IMAGE_END,
                    SpecialTokens.IMAGE,
                    SpecialTokens.PATCH,
                    SpecialTokens.TILE_X_SEPARATOR,
                    SpecialTokens.TILE_Y_SEPARATOR);

    List<Piece> pieces(ImageLayout layout) {
        List<Piece> pieces = new ArrayList<>();
        pieces.add(control(SpecialTokens.IMAGE_START));
        if (layout.tiles() > 1) {
            for (int row = 0; row < layout.rows(); row++) {
                for (int column = 0; column < layout.columns(); column++) {
                    if (column > 0) {
                        pieces.add(control(SpecialTokens.TILE_X_SEPARATOR));
                    }
                    pieces.add(tile(layout));
                }
                pieces.add(control(SpecialTokens.TILE_Y_SEPARATOR));
            }
        }
        pieces.add(control(SpecialTokens.IMAGE));
        pieces.add(tile(layout));
        pieces.add(control(SpecialTokens.IMAGE_END));
        return pieces;
    }

    private Piece control(String name) {
        return new Piece.Control(special.require(name), name);
    }

    private Piece tile(ImageLayout layout) {
        return new Piece.Patches(
                special.require(SpecialTokens.PATCH), SpecialTokens.PATCH, layout.patches());
    }
}

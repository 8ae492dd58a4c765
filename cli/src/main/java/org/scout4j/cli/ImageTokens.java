package org.scout4j.cli;

import java.util.List;
import java.util.Locale;
import org.scout4j.chat.ImageLayout;
import tools.jackson.core.JsonGenerator;

/**
 * How an image's tokens add up (spec "Model" §3.4), for people and programs.
 *
 * @param width of the image in pixels, upright
 * @param height of the image in pixels, upright
 * @param tileSize side of a tile in pixels
 */
record ImageTokens(String name, int width, int height, int tileSize, ImageLayout layout) {

    /** E.g. {@code label.png: 640×480, 2×2 tiles + overview, 727 tokens}. */
    String line() {
        String tiles =
                layout.tiles() == 1
                        ? "1 tile"
                        : layout.rows() + "×" + layout.columns() + " tiles + overview";
        return name + ": " + width + "×" + height + ", " + tiles + ", " + tokens(layout.tokens());
    }

    /** The sum, a line each term. */
    List<String> explanation() {
        int tiles = layout.rows() * layout.columns();
        String head =
                name
                        + ": "
                        + width
                        + "×"
                        + height
                        + " pixels, on a canvas of "
                        + counted(layout.rows(), "row")
                        + " × "
                        + counted(layout.columns(), "column")
                        + " of tiles of "
                        + tileSize
                        + " pixels";
        if (layout.tiles() == 1) {
            return List.of(
                    head,
                    term(layout.patches(), "1 tile of " + tokens(layout.patches())),
                    term(3, "start, image and end"),
                    term(layout.tokens(), "in all"));
        }
        return List.of(
                head,
                term(
                        layout.tiles() * layout.patches(),
                        "("
                                + counted(tiles, "tile")
                                + " + overview) of "
                                + tokens(layout.patches())),
                term(tiles, "separators behind the tiles"),
                term(3, "start, image and end"),
                term(layout.tokens(), "in all"));
    }

    void write(JsonGenerator generator) {
        int separators = layout.tiles() == 1 ? 0 : layout.rows() * layout.columns();
        generator.writeStartObject();
        generator.writeStringProperty("file", name);
        generator.writeNumberProperty("width", width);
        generator.writeNumberProperty("height", height);
        generator.writeNumberProperty("tile_size", tileSize);
        generator.writeNumberProperty("rows", layout.rows());
        generator.writeNumberProperty("columns", layout.columns());
        generator.writeNumberProperty("tiles", layout.tiles());
        generator.writeNumberProperty("tokens_per_tile", layout.patches());
        generator.writeNumberProperty("separators", separators);
        generator.writeNumberProperty("tokens", layout.tokens());
        generator.writeEndObject();
    }

    /** A number that lines up with those of the listing of a text's tokens. */
    private static String term(int tokens, String what) {
        return String.format(Locale.ROOT, "%7d  %s", tokens, what);
    }

    private static String tokens(int count) {
        return counted(count, "token");
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}

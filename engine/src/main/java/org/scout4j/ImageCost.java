package org.scout4j;

import org.scout4j.chat.ImageLayout;

/**
 * What an image takes of the context.
 *
 * @param rows of tiles on its canvas
 * @param columns of tiles on its canvas
 * @param tiles all of them, the global one included
 * @param tokens of the prompt: patches, separators, and the three around them
 */
public record ImageCost(int rows, int columns, int tiles, int tokens) {
    ImageCost(ImageLayout layout) {
        this(layout.rows(), layout.columns(), layout.tiles(), layout.tokens());
    }
}

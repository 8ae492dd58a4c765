package org.scout4j.vision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.backend.Backend;
import org.scout4j.backend.Tensor;
import org.scout4j.cache.ImageKey;
import org.scout4j.vision.VisionEncoder.Tile;

/**
 * The rows of tiles encoded lately, for the steps that read them: a prompt's pieces may end within
 * a tile, and an image may come again behind another prefix. What nobody has needed for longest
 * gives way. For one thread.
 *
 * <p>A step asks for its tiles by {@link #firstRow} after {@link #begin}, then has what is missing
 * computed by {@link #encode}.
 */
public final class FeatureCache {
    private static final long KEPT_BYTES = 64L << 20;
    private static final int MOST_KEPT = 64;

    private final VisionEncoder encoder;
    private final Tensor rows;
    private final int slots;

    /** In order of use, the longest unused first. */
    private final Map<Key, Slot> used = new LinkedHashMap<>(16, 0.75f, true);

    private final List<Tile> missing = new ArrayList<>();
    private int[] missingRows = new int[4];
    private long step;

    private record Key(Object owner, ImageKey image, int tile) {}

    /** Where a tile's rows are, and the last step that needs them. */
    private static final class Slot {
        private final int number;
        private long neededIn;

        Slot(int number) {
            this.number = number;
        }
    }

    /**
     * @param columns width of the decoder
     * @param slots most tiles that it holds; at least those that a step can need
     */
    public FeatureCache(VisionEncoder encoder, Backend backend, int columns, int slots) {
        this.encoder = encoder;
        this.slots = slots;
        this.rows = backend.allocate(Math.multiplyExact(slots, encoder.tokensPerTile()), columns);
    }

    /**
     * Tiles that a step can need at most.
     *
     * @param stepTokens most rows of a step
     * @param sequences most sequences in a step
     */
    public static int mostTiles(int stepTokens, int sequences, int tokensPerTile) {
        return Math.min(stepTokens, stepTokens / tokensPerTile + 2 * sequences);
    }

    /**
     * Slots for what a step can need, and some for images that come again.
     *
     * @param columns width of the decoder
     */
    public static int slots(int stepTokens, int sequences, int tokensPerTile, int columns) {
        int kept = (int) Math.min(MOST_KEPT, KEPT_BYTES / bytes(1, tokensPerTile, columns));
        return Math.max(mostTiles(stepTokens, sequences, tokensPerTile), kept);
    }

    /** Memory of so many slots. */
    public static long bytes(int slots, int tokensPerTile, int columns) {
        return (long) Float.BYTES * slots * tokensPerTile * columns;
    }

    /** Begins a step: what earlier ones needed may give way. */
    public void begin() {
        step++;
    }

    /**
     * The first row of a tile in {@link #rows}, which is right after the next {@link #encode}.
     *
     * @param owner whose it is; equal owners share
     * @throws IllegalStateException if the step needs more tiles than there are slots
     */
    public int firstRow(Object owner, ImageTiles image, int tile) {
        Key key = new Key(owner, image.key(), tile);
        Slot slot = used.get(key);
        if (slot == null) {
            slot = new Slot(used.size() < slots ? used.size() : evict());
            used.put(key, slot);
            if (missing.size() == missingRows.length) {
                missingRows = Arrays.copyOf(missingRows, 2 * missingRows.length);
            }
            missingRows[missing.size()] = slot.number * encoder.tokensPerTile();
            missing.add(new Tile(image, tile));
        }
        slot.neededIn = step;
        return slot.number * encoder.tokensPerTile();
    }

    private int evict() {
        Iterator<Slot> oldest = used.values().iterator();
        while (oldest.hasNext()) {
            Slot slot = oldest.next();
            if (slot.neededIn != step) {
                oldest.remove();
                return slot.number;
            }
        }
        throw new IllegalStateException("a step needs more than " + slots + " tiles");
    }

    /**
     * Computes the rows that are missing. If that fails, nobody will find them.
     *
     * @return how many tiles were encoded
     */
    public int encode() {
        int count = missing.size();
        if (count == 0) {
            return 0;
        }
        boolean encoded = false;
        try {
            encoder.encode(List.copyOf(missing), rows, missingRows);
            encoded = true;
        } finally {
            if (!encoded) {
                forget();
            }
            missing.clear();
        }
        return count;
    }

    /** Slots are numbered by how many are used, so all go at once. */
    private void forget() {
        used.clear();
    }

    /** The rows of all tiles. */
    public Tensor rows() {
        return rows;
    }

    /** Rows that a tile becomes. */
    public int tokensPerTile() {
        return encoder.tokensPerTile();
    }
}

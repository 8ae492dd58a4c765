package org.scout4j.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.scout4j.tokenizer.Tokenizer;

/** A prompt before it is encoded: control tokens as such, and texts that are encoded one by one. */
sealed interface Piece {
    /** A control token that the format itself put there. */
    record Control(int id, String name) implements Piece {}

    /** The patch tokens of a tile. */
    record Patches(int id, String name, int count) implements Piece {}

    /** Ordinary text; whatever it contains, it stays ordinary. */
    record Plain(String text) implements Piece {}

    /** The ids of a prompt. */
    static int[] encode(List<Piece> pieces, Tokenizer tokenizer) {
        List<int[]> parts = new ArrayList<>(pieces.size());
        int length = 0;
        for (Piece piece : pieces) {
            int[] part =
                    switch (piece) {
                        case Control(int id, String _) -> new int[] {id};
                        case Patches(int id, String _, int count) -> {
                            int[] patches = new int[count];
                            Arrays.fill(patches, id);
                            yield patches;
                        }
                        case Plain(String text) -> tokenizer.encode(text);
                    };
            parts.add(part);
            length = Math.addExact(length, part.length);
        }
        int[] ids = new int[length];
        int end = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, ids, end, part.length);
            end += part.length;
        }
        return ids;
    }

    /** The same for people. */
    static String show(List<Piece> pieces) {
        StringBuilder shown = new StringBuilder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Control(int _, String name) -> shown.append(name);
                case Patches(int _, String name, int count) -> shown.repeat(name, count);
                case Plain(String text) -> shown.append(text);
            }
        }
        return shown.toString();
    }
}

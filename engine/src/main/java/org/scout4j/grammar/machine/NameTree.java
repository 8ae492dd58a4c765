package org.scout4j.grammar.machine;

import java.util.Arrays;

/** The names of an object's properties as a tree over code points. Node 0 is the root. */
final class NameTree {
    private int[][] codePoints = new int[16][0];
    private int[][] children = new int[16][0];
    private int[] property = new int[16];

    /** The properties at and below each node, as bits. */
    private long[][] below = new long[16][];

    private int nodes = 1;

    NameTree(String[] names) {
        int words = (names.length + 63) >>> 6;
        property[0] = -1;
        below[0] = new long[words];
        for (int name = 0; name < names.length; name++) {
            int node = 0;
            mark(0, name);
            for (int at = 0; at < names[name].length(); ) {
                int codePoint = names[name].codePointAt(at);
                node = childOrNew(node, codePoint, words);
                mark(node, name);
                at += Character.charCount(codePoint);
            }
            property[node] = name;
        }
    }

    private void mark(int node, int name) {
        below[node][name >>> 6] |= 1L << name;
    }

    private int childOrNew(int node, int codePoint, int words) {
        int[] points = codePoints[node];
        int place = Arrays.binarySearch(points, codePoint);
        if (place >= 0) {
            return children[node][place];
        }
        if (nodes == property.length) {
            codePoints = Arrays.copyOf(codePoints, nodes * 2);
            children = Arrays.copyOf(children, nodes * 2);
            property = Arrays.copyOf(property, nodes * 2);
            below = Arrays.copyOf(below, nodes * 2);
        }
        int made = nodes++;
        codePoints[made] = new int[0];
        children[made] = new int[0];
        property[made] = -1;
        below[made] = new long[words];
        codePoints[node] = inserted(points, ~place, codePoint);
        children[node] = inserted(children[node], ~place, made);
        return made;
    }

    private static int[] inserted(int[] values, int place, int value) {
        int[] longer = new int[values.length + 1];
        System.arraycopy(values, 0, longer, 0, place);
        longer[place] = value;
        System.arraycopy(values, place, longer, place + 1, values.length - place);
        return longer;
    }

    int nodes() {
        return nodes;
    }

    /** The node after a code point; −1 if there is none. */
    int child(int node, int codePoint) {
        int place = Arrays.binarySearch(codePoints[node], codePoint);
        return place < 0 ? -1 : children[node][place];
    }

    /** The first code point from this one on that has a child; above all code points if none. */
    int childFrom(int node, int codePoint) {
        int[] points = codePoints[node];
        int place = Arrays.binarySearch(points, codePoint);
        place = place < 0 ? ~place : place;
        return place < points.length ? points[place] : Character.MAX_CODE_POINT + 1;
    }

    /** The property whose name ends at the node; −1 if there is none. */
    int property(int node) {
        return property[node];
    }

    /** Whether one of some properties is at or below the node. */
    boolean leadsTo(int node, long[] properties) {
        long[] here = below[node];
        for (int word = 0; word < here.length; word++) {
            if ((here[word] & properties[word]) != 0) {
                return true;
            }
        }
        return false;
    }
}

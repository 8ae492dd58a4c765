package org.scout4j.backend;

/**
 * Rotary frequencies and which elements of a head they rotate together.
 *
 * @param frequencies radians a position, one a pair; {@code 2 * length} elements of each head are
 *     rotated, the rest is left
 * @param adjacent pairs (2j, 2j + 1) if true, else (j, j + length)
 */
public record RopeTable(float[] frequencies, boolean adjacent) {}

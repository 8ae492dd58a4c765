package org.scout4j.chat.template;

/**
 * How much a template may ask of the machine: it is data from strangers.
 *
 * @param source characters of the template
 * @param nesting levels of tags and brackets in it, and of macros that call each other
 * @param steps expressions and statements evaluated, and list elements made
 * @param output characters of the result, and of any string on the way
 */
public record Limits(int source, int nesting, long steps, int output) {
    /** What chat templates never come near to. */
    public static final Limits DEFAULT = new Limits(256 << 10, 64, 1_000_000, 8 << 20);
}

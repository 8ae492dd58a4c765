package org.scout4j.chat.template;

import org.scout4j.chat.template.TemplateException.Kind;

/** What one rendering has used of its {@link Limits}. */
final class Budget {
    /**
     * Evaluations inside each other. A level takes up to a kilobyte of the Java stack, so that the
     * smallest stacks in use (512 KiB) hold them all.
     */
    private static final int DEPTH = 400;

    /** Bits of the largest whole number; a request cannot send more than 1,000 digits. */
    static final int NUMBER_BITS = 4_096;

    private final Limits limits;
    private final long characterLimit;
    private long steps;
    private long characters;
    private int depth;
    private int calls;

    /**
     * @param input characters of the values given to the template: copying them a few dozen times
     *     is what honest templates do
     */
    Budget(Limits limits, long input) {
        this.limits = limits;
        this.characterLimit = 2L * limits.output() + 32 * input;
    }

    Limits limits() {
        return limits;
    }

    void step() {
        steps(1);
    }

    /** Counts elements made or visited. */
    void steps(long count) {
        steps += count;
        if (steps > limits.steps()) {
            throw exceeded("takes more than " + limits.steps() + " steps");
        }
    }

    /** Counts characters read or written. */
    void characters(long count) {
        characters += count;
        if (characters > characterLimit) {
            throw exceeded("moves more than " + characterLimit + " characters");
        }
    }

    /** Counts characters that are about to be added to a string of a length. */
    void build(int length, int added) {
        room(length, added, 1);
        characters(added);
    }

    /** Checks that a string of a length may grow by so many characters, so many times. */
    void room(int length, int added, long times) {
        if (times > (limits.output() - (long) length) / added) {
            throw exceeded("makes a text of more than " + limits.output() + " characters");
        }
    }

    void enter() {
        if (++depth > DEPTH) {
            throw exceeded("nests evaluations more than " + DEPTH + " levels deep");
        }
    }

    void leave() {
        depth--;
    }

    void enterCall() {
        if (++calls > limits.nesting()) {
            throw exceeded("nests macro calls more than " + limits.nesting() + " levels deep");
        }
    }

    void leaveCall() {
        calls--;
    }

    private static TemplateException exceeded(String what) {
        return new TemplateException(Kind.LIMIT, "the template " + what);
    }
}

package org.scout4j.chat;

/**
 * A rendered conversation.
 *
 * @param tokens ids, the begin-of-text token first
 */
public record Prompt(int[] tokens) {}

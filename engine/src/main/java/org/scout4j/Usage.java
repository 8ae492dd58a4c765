package org.scout4j;

/**
 * What a request used.
 *
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens chosen, the stop token included (spec "API", usage)
 */
public record Usage(int promptTokens, int completionTokens) {
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}

package org.scout4j;

/**
 * What a request used.
 *
 * @param promptTokens tokens of the prompt
 * @param cachedTokens those of them whose keys and values came from the prefix cache
 * @param imageTokens those of the prompt that stand for images, cached or not
 * @param completionTokens tokens chosen, the stop token included (spec "API", usage)
 */
public record Usage(int promptTokens, int cachedTokens, int imageTokens, int completionTokens) {
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}

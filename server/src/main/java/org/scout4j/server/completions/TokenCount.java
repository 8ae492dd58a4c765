package org.scout4j.server.completions;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokens of a reply.
 *
 * @param prompt of all prompts
 * @param cached those of them taken from the prefix cache
 * @param image those of the prompts that stand for images
 * @param completion tokens made, all answers together
 */
public record TokenCount(int prompt, int cached, int image, int completion) {

    /** The tokens of two replies. */
    public TokenCount plus(TokenCount other) {
        return new TokenCount(
                prompt + other.prompt,
                cached + other.cached,
                image + other.image,
                completion + other.completion);
    }

    /** As all services write it (spec "API" §1). */
    public ObjectNode usage() {
        ObjectNode usage =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", completion)
                        .put("total_tokens", prompt + completion);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", cached)
                .put("image_tokens", image);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
        return usage;
    }
}

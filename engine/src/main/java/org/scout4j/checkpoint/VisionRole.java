package org.scout4j.checkpoint;

/** What a tensor of the vision part is for, whatever the checkpoint calls it. */
public enum VisionRole {
    /** [hidden, 3 * patchSize²], a patch as channel, row, column */
    PATCH_EMBEDDING,
    /** [hidden] */
    CLASS_EMBEDDING,
    /** [patches + 1, hidden]; the class token's last */
    POSITION_EMBEDDING,
    /** [hidden]: before the layers */
    PRE_NORM,
    /** [hidden] */
    PRE_NORM_BIAS,
    /** [hidden]: after the layers */
    POST_NORM,
    /** [hidden] */
    POST_NORM_BIAS,
    /** [hidden] */
    ATTENTION_NORM,
    /** [hidden] */
    ATTENTION_NORM_BIAS,
    /** [hidden, hidden] */
    QUERY,
    /** [hidden] */
    QUERY_BIAS,
    /** [hidden, hidden] */
    KEY,
    /** [hidden] */
    KEY_BIAS,
    /** [hidden, hidden] */
    VALUE,
    /** [hidden] */
    VALUE_BIAS,
    /** [hidden, hidden] */
    ATTENTION_OUTPUT,
    /** [hidden] */
    ATTENTION_OUTPUT_BIAS,
    /** [hidden] */
    FEED_FORWARD_NORM,
    /** [hidden] */
    FEED_FORWARD_NORM_BIAS,
    /** [width, hidden] */
    UP,
    /** [width] */
    UP_BIAS,
    /** [hidden, width] */
    DOWN,
    /** [hidden] */
    DOWN_BIAS,
    /** [adapter, shuffled width]; no bias */
    ADAPTER_IN,
    /** [adapter, adapter]; no bias */
    ADAPTER_OUT,
    /** [text hidden, adapter]; no bias */
    PROJECTOR
}

package org.scout4j.checkpoint;

/** What a tensor is for, whatever the checkpoint calls it. */
public enum WeightRole {
    /** [vocabulary, hidden] */
    EMBEDDING,
    /** [hidden] */
    FINAL_NORM,
    /** [vocabulary, hidden]; absent when tied */
    HEAD,
    /** [hidden] */
    ATTENTION_NORM,
    /** [heads * headSize, hidden] */
    QUERY,
    /** [kvHeads * headSize, hidden] */
    KEY,
    /** [kvHeads * headSize, hidden] */
    VALUE,
    /** [hidden, heads * headSize] */
    ATTENTION_OUTPUT,
    /** [heads * headSize]; optional */
    QUERY_BIAS,
    /** [kvHeads * headSize]; optional */
    KEY_BIAS,
    /** [kvHeads * headSize]; optional */
    VALUE_BIAS,
    /** [hidden]; optional */
    ATTENTION_OUTPUT_BIAS,
    /** [hidden] */
    FEED_FORWARD_NORM,
    /** [experts, hidden] */
    ROUTER,
    /** [width, hidden]: dense layer, or the shared expert of an expert layer */
    GATE,
    /** [width, hidden]: dense layer, or the shared expert of an expert layer */
    UP,
    /** [hidden, width]: dense layer, or the shared expert of an expert layer */
    DOWN,
    /** [width]; optional, dense layers only */
    GATE_BIAS,
    /** [width]; optional, dense layers only */
    UP_BIAS,
    /** [hidden]; optional, dense layers only */
    DOWN_BIAS,
    /** [width, hidden]: one routed expert */
    EXPERT_GATE,
    /** [width, hidden]: one routed expert */
    EXPERT_UP,
    /** [hidden, width]: one routed expert */
    EXPERT_DOWN
}

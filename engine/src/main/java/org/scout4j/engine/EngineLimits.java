package org.scout4j.engine;

/** stub */
public record EngineLimits(int slots, int stepTokens, int queue, int context) {}

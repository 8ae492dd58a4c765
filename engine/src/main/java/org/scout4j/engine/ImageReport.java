package org.scout4j.engine;

import java.time.Duration;

/**
 * The encoding of one image.
 *
 * @param tiles that went through the vision tower, the global one included
 * @param duration time in tower, adapter and projector
 */
public record ImageReport(int tiles, Duration duration) {}

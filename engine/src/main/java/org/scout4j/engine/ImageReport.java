package org.scout4j.engine;

import java.time.Duration;

/**
 * What a step spent on images.
 *
 * @param tiles that were encoded
 */
public record ImageReport(int tiles, Duration duration) {}

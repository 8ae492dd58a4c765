package org.scout4j.checkpoint;

import java.nio.file.Path;

/**
 * The vision part of a model as the reader of its files found it.
 *
 * @param described the file that the numbers come from, for messages
 */
public record VisionPart(Path described, VisionShape shape, VisionLocator weights) {}

package org.scout4j.engine;

/**
 * What one step did.
 *
 * @param decodeRows tokens computed to choose their successor
 * @param prefillRows tokens of prompts computed, those computed again after a pre-emption included
 * @param preemptions sequences whose pages were taken back before this step
 * @param stepNanos time in the model and in sampling
 * @param idleNanos time since the end of the step before, 0 when the engine had nothing to do
 * @param status the engine after the step
 */
public record StepReport(
        int decodeRows,
        int prefillRows,
        int preemptions,
        long stepNanos,
        long idleNanos,
        EngineStatus status) {}

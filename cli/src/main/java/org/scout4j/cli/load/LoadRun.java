package org.scout4j.cli.load;

import java.util.List;
import org.scout4j.cli.load.Workload.TokenRate;

/**
 * One run of a plan against one server: what became of each request, and how the generator itself
 * fared.
 *
 * @param outcomes by the number of the request
 * @param lagNanos how late a thread of the generator woke up, sampled through the run: what it adds
 *     to every time that it measures
 * @param cpuSeconds processor time that the generator took
 * @param stopped whether it was stopped before its end
 */
public record LoadRun(
        Target target,
        String model,
        TokenRate rate,
        List<Outcome> outcomes,
        double[] lagNanos,
        double cpuSeconds,
        boolean stopped) {}

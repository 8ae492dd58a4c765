package org.scout4j.backend;

import java.util.List;

/**
 * The routed experts of one layer, index = expert.
 *
 * @param gate [width, hidden] each
 * @param up [width, hidden] each
 * @param down [hidden, width] each
 */
public record ExpertWeights(List<Tensor> gate, List<Tensor> up, List<Tensor> down) {
    public ExpertWeights {
        gate = List.copyOf(gate);
        up = List.copyOf(up);
        down = List.copyOf(down);
    }
}

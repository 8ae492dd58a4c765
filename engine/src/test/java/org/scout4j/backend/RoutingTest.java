package org.scout4j.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RoutingTest {

    @Test
    void theLargestLogitsBestFirst() {
        Routing routing = new Routing(2, 3);
        routing.choose(1, new float[] {0.5f, -1, 2, 1});
        assertThat(routing.expert).containsExactly(0, 0, 0, 2, 3, 0);
    }

    @Test
    void amongEqualsTheLowerIndex() {
        Routing routing = new Routing(1, 2);
        routing.choose(0, new float[] {1, 3, 3, 3});
        assertThat(routing.expert).containsExactly(1, 2);
    }

    @Test
    void scoresAreSigmoids() {
        Routing routing = new Routing(1, 3);
        routing.choose(0, new float[] {0, 200, -200});
        assertThat(routing.score[0]).isEqualTo(1);
        assertThat(routing.score[1]).isEqualTo(0.5f);
        // 1 / (1 + e²⁰⁰) = 1.4e-87, which no float32 comes near.
        assertThat(routing.score[2]).isZero();
    }

    @Test
    void moreChoicesThanExperts() {
        Routing routing = new Routing(1, 3);
        assertThatThrownBy(() -> routing.choose(0, new float[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

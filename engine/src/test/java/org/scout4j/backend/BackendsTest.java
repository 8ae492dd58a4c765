package org.scout4j.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.scout4j.error.InvalidRequest;

class BackendsTest {

    @Test
    void autoTakesTheFirstUsableCandidate() {
        try (Backend backend = Backends.open("auto", 1)) {
            assertThat(backend.name()).startsWith("vector-");
        }
        assertThat(Backends.candidates())
                .extracting(Backends.Candidate::name)
                .containsExactly("vector", "scalar");
        assertThat(Backends.candidates()).allMatch(Backends.Candidate::usable);
    }

    @Test
    void byName() {
        try (Backend scalar = Backends.open("scalar", 0);
                Backend vector = Backends.open("vector", 0)) {
            assertThat(scalar.name()).isEqualTo("scalar");
            assertThat(vector.name()).matches("vector-(128|256|512)");
        }
    }

    @Test
    void unknownNamesAndNegativeThreads() {
        assertThatThrownBy(() -> Backends.open("cuda9", 0))
                .isInstanceOfSatisfying(
                        InvalidRequest.class,
                        e -> {
                            assertThat(e).hasMessageContaining("cuda9");
                            assertThat(e.remedy()).isPresent();
                        });
        assertThatThrownBy(() -> Backends.open("auto", -1)).isInstanceOf(InvalidRequest.class);
    }
}

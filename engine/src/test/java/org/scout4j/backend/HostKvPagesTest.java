package org.scout4j.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostKvPagesTest {
    private static final PageFormat FORMAT = new PageFormat(2, 3, 5, 40);

    @Test
    void elementsDoNotOverlapAndStayWithinThePage() {
        try (Arena arena = Arena.ofConfined()) {
            HostKvPages pages = new HostKvPages(arena, FORMAT, 1);
            long size = pages.reserve(0).byteSize();
            Set<Long> offsets = new HashSet<>();
            for (int layer = 0; layer < 2; layer++) {
                for (int head = 0; head < 3; head++) {
                    for (int position = 0; position < 40; position++) {
                        for (int d = 0; d < 5; d++) {
                            offsets.add(pages.keys(layer, head) + pages.key(position, d));
                            offsets.add(pages.values(layer, head) + pages.value(position, d));
                        }
                    }
                }
            }
            assertThat(offsets).hasSize(2 * 3 * 40 * 5 * 2);
            assertThat(offsets).allMatch(o -> o >= 0 && o % 4 == 0 && o + 4 <= size);
        }
    }

    @Test
    void aMillionPagesCostNothingUntilWritten() {
        try (Arena arena = Arena.ofConfined()) {
            HostKvPages pages = new HostKvPages(arena, new PageFormat(48, 8, 128, 64), 1_000_000);
            assertThat(pages.count()).isEqualTo(1_000_000);
            pages.reserve(999_999);
            assertThat(pages.page(999_999).byteSize()).isGreaterThanOrEqualTo(24L << 20);
        }
    }

    @Test
    void readingAPageThatWasNeverWrittenShows() {
        try (Arena arena = Arena.ofConfined()) {
            HostKvPages pages = new HostKvPages(arena, FORMAT, 9);
            assertThatThrownBy(() -> pages.page(7))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("7");
            pages.poison(7);
            assertThatThrownBy(() -> pages.page(7)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> pages.poison(9)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void poisonLeavesNoNumber() {
        try (Arena arena = Arena.ofConfined()) {
            HostKvPages pages = new HostKvPages(arena, FORMAT, 1);
            HostTensor row = HostTensor.allocate(arena, 1, 15);
            pages.reserve(0);
            pages.write(1, 2, 39, row, row, 0);
            pages.poison(0);
            float[] all = pages.page(0).toArray(ValueLayout.JAVA_FLOAT);
            for (float value : all) {
                assertThat(value).isNaN();
            }
        }
    }
}

package org.scout4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Message;
import org.scout4j.error.InvalidRequest;
import org.scout4j.vision.ImageLimits;

class UserMessageTest {
    @TempDir private Path directory;

    @Test
    void partsKeepTheirOrder() throws IOException {
        byte[] bytes = {1, 2, 3};
        Path file = Files.write(directory.resolve("a.png"), bytes);

        ChatRequest request =
                ChatRequest.builder()
                        .user(u ->
                                u.text("First")
                                        .image(file)
                                        .text("then")
                                        .image(bytes, ImageData.Detail.LOW))
                        .build();

        Message message = request.conversation().messages().getFirst();
        assertThat(message.role()).isEqualTo(Message.Role.USER);
        assertThat(message.text()).isEqualTo("Firstthen");
        assertThat(message.parts()).hasSize(4);
        List<ImageData> images = request.conversation().images();
        assertThat(images.get(0).bytes()).isEqualTo(bytes);
        assertThat(images.stream().map(ImageData::detail))
                .containsExactly(ImageData.Detail.HIGH, ImageData.Detail.LOW);
    }

    @Test
    void filesThatCannotBeReadAreRefused() throws IOException {
        Path large = directory.resolve("large.png");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(ImageData.MOST_FILE_BYTES + 1L);
        }

        refuses(directory.resolve("gone.png"), "gone.png cannot be read: there is no such file.");
        refuses(directory, "is a directory, not an image.");
        refuses(large, "large.png is larger than an image may be: 20 MiB.");
    }

    private static void refuses(Path file, String message) {
        assertThatThrownBy(() -> UserMessage.of(u -> u.image(file)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageEndingWith(message);
    }

    @Test
    void streamsAreReadNoFurtherThanTheLimit() throws IOException {
        byte[] most = new byte[ImageData.MOST_FILE_BYTES];
        ImageData read =
                ImageData.ofStream(new ByteArrayInputStream(most), "It", ImageData.Detail.HIGH);
        assertThat(read.bytes()).hasSameSizeAs(most);

        ByteArrayInputStream endless = new ByteArrayInputStream(new byte[most.length + 100]);
        assertThatThrownBy(() -> ImageData.ofStream(endless, "It", ImageData.Detail.HIGH))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("It is larger");
        assertThat(endless.available()).isEqualTo(99);
    }

    @Test
    void aMessageOfNothingIsRefused() {
        assertThatThrownBy(() -> UserMessage.of(u -> {}))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("empty");
    }

    @Test
    void theFileLimitIsThatOfTheDecoder() {
        assertThat(ImageData.MOST_FILE_BYTES).isEqualTo(ImageLimits.DEFAULT.fileBytes());
    }
}

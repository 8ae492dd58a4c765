package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Message;
import org.scout4j.error.InvalidRequest;

class TranscriptFileTest {
    @TempDir private Path directory;

    private static Dialogue dialogue() {
        Dialogue dialogue = new Dialogue("Be brief.");
        dialogue.add(Question.of("Hi"), List.of(Message.assistant("Hello!")));
        return dialogue;
    }

    @Test
    void markdownForPeople() {
        Path file = directory.resolve("talk.md");

        TranscriptFile.write(file, dialogue(), "nano", false);

        assertThat(file)
                .hasContent(
                        "# Conversation with nano\n\n## system\n\nBe brief.\n\n## user\n\nHi\n\n"
                                + "## assistant\n\nHello!\n");
    }

    @Test
    void jsonForPrograms() {
        Path file = directory.resolve("talk.JSON");

        TranscriptFile.write(file, dialogue(), "nano", false);

        assertThat(file)
                .hasContent(
                        "{\"schema_version\":1,\"model\":\"nano\",\"messages\":["
                                + "{\"role\":\"system\",\"content\":\"Be brief.\"},"
                                + "{\"role\":\"user\",\"content\":\"Hi\"},"
                                + "{\"role\":\"assistant\",\"content\":\"Hello!\"}]}\n");
    }

    @Test
    void imagesAreNamedForPeopleAndWholeForPrograms() {
        byte[] png = {(byte) 0x89, 'P', 'N', 'G', 0};
        Dialogue dialogue = new Dialogue(null);
        NamedImage image = new NamedImage("a.png", new ImageData(png, ImageData.Detail.LOW));
        dialogue.add(
                new Question("What is it?", List.of(image)), List.of(Message.assistant("Red.")));

        TranscriptFile.write(directory.resolve("talk.md"), dialogue, "nano", false);
        TranscriptFile.write(directory.resolve("talk.json"), dialogue, "nano", false);

        assertThat(directory.resolve("talk.md"))
                .hasContent(
                        "# Conversation with nano\n\n## user\n\n[image: a.png]\n\nWhat is it?\n\n"
                                + "## assistant\n\nRed.\n");
        assertThat(directory.resolve("talk.json"))
                .hasContent(
                        "{\"schema_version\":1,\"model\":\"nano\",\"messages\":["
                                + "{\"role\":\"user\",\"content\":["
                                + "{\"type\":\"image_url\",\"image_url\":{"
                                + "\"url\":\"data:image/png;base64,iVBORwA=\",\"detail\":\"low\"}},"
                                + "{\"type\":\"text\",\"text\":\"What is it?\"}]},"
                                + "{\"role\":\"assistant\",\"content\":\"Red.\"}]}\n");
    }

    @Test
    void aStrangersFileIsNotReplaced() throws IOException {
        Path file = Files.writeString(directory.resolve("talk.md"), "precious");

        assertThatThrownBy(() -> TranscriptFile.write(file, dialogue(), "nano", false))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageContaining("exists already");
        assertThat(file).hasContent("precious");
        TranscriptFile.write(file, dialogue(), "nano", true);
        assertThat(file).content().startsWith("# Conversation");
    }

    @Test
    void aDialogueKeepsWholeTurns() {
        Dialogue dialogue = dialogue();
        assertThat(dialogue.asking(Question.of("And?"), List.of()))
                .containsExactly(
                        Message.system("Be brief."),
                        Message.user("Hi"),
                        Message.assistant("Hello!"),
                        Message.user("And?"));
        assertThat(dialogue.undo())
                .isEqualTo(
                        new Dialogue.Turn(Question.of("Hi"), List.of(Message.assistant("Hello!"))));
        assertThat(dialogue.undo()).isNull();
        dialogue.setSystem("");
        assertThat(dialogue.messages()).isEmpty();
    }
}

package org.scout4j.server.workersai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.Message;
import org.scout4j.chat.ToolChoice;
import org.scout4j.server.ProblemException;
import org.scout4j.server.Problems;
import org.scout4j.server.request.JsonValue;
import tools.jackson.databind.json.JsonMapper;

/** The field {@code image}: its forms, and where it is shown. */
class RunImageTest {
    private static ImageData read(String json) {
        return RunImage.read(new JsonValue("image", JsonMapper.shared().readTree(json)), 1_000);
    }

    @Test
    void bytesBase64AndDataUrlsAreTheSame() {
        byte[] expected = {0, 127, (byte) 128, (byte) 255};
        for (String json :
                List.of("[0,127,128,255]", "\"AH+A/w==\"", "\"data:image/png;base64,AH+A/w==\"")) {
            assertThat(read(json).bytes()).as(json).isEqualTo(expected);
        }
    }

    @Test
    void whatIsNoImageIsRefused() {
        for (String json :
                List.of(
                        "[]",
                        "[-1]",
                        "[1.5]",
                        "[\"1\"]",
                        "\"\"",
                        "\"?\"",
                        "{}",
                        "7",
                        "\"data:x\"")) {
            assertThatThrownBy(() -> read(json))
                    .as(json)
                    .isInstanceOfSatisfying(
                            RuntimeException.class,
                            e -> assertThat(Problems.of(e).code()).isEqualTo("invalid_image"));
        }
    }

    @Test
    void itStandsBeforeTheTextOfTheLastMessageOfTheUser() {
        ImageData image = ImageData.of(new byte[] {1});
        Conversation shown =
                RunImage.shown(
                        of(Message.user("a"), Message.user("b"), Message.assistant("c")), image);
        assertThat(shown.messages().get(0).hasImages()).isFalse();
        assertThat(shown.messages().get(1).parts())
                .containsExactly(new Message.Part.Image(image), new Message.Part.Text("b"));
        assertThatThrownBy(() -> RunImage.shown(of(Message.system("a")), image))
                .isInstanceOf(ProblemException.class);
    }

    private static Conversation of(Message... messages) {
        return new Conversation(List.of(messages), List.of(), ToolChoice.NONE, true, false);
    }
}

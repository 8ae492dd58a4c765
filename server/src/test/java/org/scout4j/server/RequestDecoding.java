package org.scout4j.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import org.scout4j.error.InvalidRequest;
import org.scout4j.server.images.RemoteImages;
import org.scout4j.server.request.AnswerDraft;
import org.scout4j.server.request.ChatDraft;
import org.scout4j.server.request.ChatFields;
import org.scout4j.server.request.FieldTable;
import org.scout4j.server.request.PromptDraft;
import org.scout4j.server.request.PromptFields;
import org.scout4j.server.request.SamplingRanges;
import tools.jackson.databind.node.ObjectNode;

/** From the bytes of a body to what is asked for, without a model or HTTP. */
final class RequestDecoding {
    private static final int VOCABULARY = 320;
    private static final int CHOICES = 8;

    private final RemoteImages images =
            RemoteImages.of(
                    ServerOptions.ImageRules.defaults().withHosts(List.of("images.example.org")),
                    report -> {});
    private final JsonBody bodies = new JsonBody(64 << 20);
    private final FieldTable<ChatDraft> chat = ChatFields.table(SamplingRanges.OPENAI, CHOICES);
    private final FieldTable<PromptDraft> prompts =
            PromptFields.table(SamplingRanges.OPENAI, CHOICES);

    /** Decodes a body as both kinds of requests; what is refused is refused as the API says. */
    void decode(byte[] body) {
        refusing(() -> {
            ChatDraft draft = new ChatDraft(answer(), images.ofRequest());
            chat.read(read(body), draft, false);
            draft.answer().plan(true);
            draft.conversation();
        });
        refusing(() -> {
            PromptDraft draft = new PromptDraft(answer());
            prompts.read(read(body), draft, false);
            draft.answer().plan(false);
            draft.bestOf();
            draft.prompts();
        });
    }

    private static AnswerDraft answer() {
        return new AnswerDraft(VOCABULARY, SamplingRanges.OPENAI, OptionalInt.of(16));
    }

    private ObjectNode read(byte[] body) {
        try {
            return bodies.read(new ByteArrayInputStream(body));
        } catch (IOException e) {
            throw new AssertionError("an array cannot fail to be read", e);
        }
    }

    private static void refusing(Runnable decoding) {
        try {
            decoding.run();
        } catch (ProblemException refused) {
            int status = refused.problem().status();
            if (status < 400 || status >= 500) {
                throw new AssertionError("refused with " + refused.problem(), refused);
            }
        } catch (InvalidRequest refused) {
            // Becomes a 400 that names the field.
        }
    }
}

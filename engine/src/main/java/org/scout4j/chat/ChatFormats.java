package org.scout4j.chat;

import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;
import org.scout4j.chat.template.Template;
import org.scout4j.chat.template.TemplateException;
import org.scout4j.checkpoint.Checkpoint;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.VerificationFailed;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;

/** Chooses the chat format of a checkpoint. */
public final class ChatFormats {
    /**
     * Size of Llama 4's published vocabulary, and its begin-of-text token (spec "Tokenizer" §4).
     */
    private static final int PUBLISHED_VOCABULARY = 202_048;

    private static final int PUBLISHED_BEGIN_OF_TEXT = 200_000;

    private ChatFormats() {}

    /**
     * Llama 4's own format for its published vocabulary; otherwise the template that the checkpoint
     * carries; otherwise Llama 4's format if the vocabulary has its control tokens.
     *
     * @return empty for a base model without any chat format
     * @throws VerificationFailed if the template is needed and cannot be read
     */
    public static Optional<ChatFormat> choose(Checkpoint checkpoint, Tokenizer tokenizer) {
        if (hasPublishedVocabulary(tokenizer)) {
            return Optional.of(new Llama4Format(tokenizer, Llama4Format.Options.DEFAULT));
        }
        Optional<String> template = checkpoint.chatTemplate();
        if (template.isPresent()) {
            return Optional.of(
                    new TemplateFormat(
                            compile(template.get(), checkpoint),
                            tokenizer,
                            edges(checkpoint, tokenizer.special()),
                            Clock.system(ZoneId.systemDefault())));
        }
        return Llama4Format.isExpressible(tokenizer.special())
                ? Optional.of(new Llama4Format(tokenizer, Llama4Format.Options.DEFAULT))
                : Optional.empty();
    }

    private static boolean hasPublishedVocabulary(Tokenizer tokenizer) {
        return tokenizer.vocabularySize() == PUBLISHED_VOCABULARY
                && tokenizer.special().id(SpecialTokens.BEGIN_OF_TEXT).orElse(-1)
                        == PUBLISHED_BEGIN_OF_TEXT
                && Llama4Format.isExpressible(tokenizer.special());
    }

    private static Template compile(String source, Checkpoint checkpoint) {
        try {
            return Template.compile(source);
        } catch (TemplateException e) {
            throw new VerificationFailed(checkpoint.path(), "chat template, " + e.getMessage(), e);
        }
    }

    /**
     * A GGUF file says which tokens begin and end a text and whether a begin is added; a Hugging
     * Face template writes its begin itself.
     */
    private static TemplateFormat.Edges edges(Checkpoint checkpoint, SpecialTokens special) {
        Optional<Integer> begin = checkpoint.shape().bosToken();
        Optional<Integer> end = checkpoint.shape().stopTokens().stream().findFirst();
        boolean addBegin = false;
        if (checkpoint.tokenizerData() instanceof TokenizerData.Gguf gguf) {
            begin = gguf.bosToken().or(checkpoint.shape()::bosToken);
            end = gguf.eosToken().or(() -> checkpoint.shape().stopTokens().stream().findFirst());
            addBegin = gguf.addBos().orElse(false);
        }
        return new TemplateFormat.Edges(
                begin.flatMap(id -> name(id, special)),
                end.flatMap(id -> name(id, special)),
                addBegin);
    }

    private static Optional<String> name(int id, SpecialTokens special) {
        return Optional.ofNullable(special.byId().get(id));
    }
}

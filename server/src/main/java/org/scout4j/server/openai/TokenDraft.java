package org.scout4j.server.openai;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.scout4j.server.images.RequestImages;
import org.scout4j.server.request.AnswerDraft;
import org.scout4j.server.request.ChatDraft;
import org.scout4j.server.request.ChatFields;
import org.scout4j.server.request.FieldTable;
import org.scout4j.server.request.PromptFields;
import org.scout4j.server.request.SamplingRanges;

/** Collects a request about tokens, in llama-server's form or in vLLM's. */
final class TokenDraft {
    private final int vocabulary;
    private final RequestImages images;
    @Nullable String content;
    @Nullable String prompt;
    @Nullable ChatDraft chat;
    int @Nullable [] tokens;
    boolean addSpecial;
    boolean addSpecialTokens = true;
    boolean parseSpecial = true;
    boolean withPieces;
    boolean withStrings;

    TokenDraft(int vocabulary, RequestImages images) {
        this.vocabulary = vocabulary;
        this.images = images;
    }

    private ChatDraft chat() {
        ChatDraft known = chat;
        if (known == null) {
            known =
                    new ChatDraft(
                            new AnswerDraft(vocabulary, SamplingRanges.OPENAI, OptionalInt.empty()),
                            images);
            chat = known;
        }
        return known;
    }

    static FieldTable<TokenDraft> tokenize() {
        FieldTable<TokenDraft> table = applyTemplate();
        table.field("content", (draft, value) -> draft.content = value.string());
        table.field("prompt", (draft, value) -> draft.prompt = value.string());
        table.field("add_special", (draft, value) -> draft.addSpecial = value.flag());
        table.field("add_special_tokens", (draft, value) -> draft.addSpecialTokens = value.flag());
        table.field("parse_special", (draft, value) -> draft.parseSpecial = value.flag());
        table.field("with_pieces", (draft, value) -> draft.withPieces = value.flag());
        table.field("return_token_strs", (draft, value) -> draft.withStrings = value.flag());
        return table;
    }

    static FieldTable<TokenDraft> detokenize() {
        return new FieldTable<TokenDraft>()
                .inert("model")
                .field(
                        "tokens",
                        (draft, value) ->
                                draft.tokens = PromptFields.tokenIds(value, draft.vocabulary));
    }

    static FieldTable<TokenDraft> applyTemplate() {
        FieldTable<ChatDraft> conversation = new FieldTable<>();
        ChatFields.conversation(conversation);
        return new FieldTable<TokenDraft>().inert("model").under(TokenDraft::chat, conversation);
    }
}

package org.scout4j.chat;

import java.util.List;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;

/**
 * Llama 4's own turn format (spec "Chat" §1 to §3), written as code because it decides what a
 * request can and cannot say. Control tokens are put in by id; every text is encoded with none
 * allowed.
 */
public final class Llama4Format implements ChatFormat {
    private final Tokenizer tokenizer;
    private final Options options;
    private final Llama4Profile profile;

    /** Whose rendering is followed where the published ones disagree. */
    public enum Profile {
        /** This project's: what the checkpoint answers best. */
        SCOUT4J,
        /** Meta's {@code ChatFormat}. */
        META,
        /** Hugging Face's chat template, but safe. */
        HF
    }

    /**
     * What a server can choose.
     *
     * @param rawToolResults write tool results as they are, not as JSON strings; {@code SCOUT4J}
     *     only
     * @param keepToolsOnNone keep the definitions of tools in the prompt when the choice is "none",
     *     so that the cached prefix stays the same
     */
    public record Options(Profile profile, boolean rawToolResults, boolean keepToolsOnNone) {
        public static final Options DEFAULT = new Options(Profile.SCOUT4J, false, false);

        public static Options of(Profile profile) {
            return new Options(profile, false, false);
        }
    }

    /**
     * @throws IllegalStateException if the vocabulary lacks a control token of the profile
     */
    public Llama4Format(Tokenizer tokenizer, Options options) {
        this.tokenizer = tokenizer;
        this.options = options;
        this.profile =
                switch (options.profile) {
                    case SCOUT4J -> new ScoutProfile(options.rawToolResults);
                    case META -> new MetaProfile();
                    case HF -> new HuggingFaceProfile();
                };
        profile.ownControls().forEach(tokenizer.special()::require);
        if (!isExpressible(tokenizer.special())) {
            throw new IllegalStateException("the vocabulary has no control tokens of Llama 4");
        }
    }

    /** Whether a vocabulary has the control tokens of every turn. */
    static boolean isExpressible(SpecialTokens special) {
        return special.names()
                .containsAll(
                        List.of(
                                SpecialTokens.BEGIN_OF_TEXT,
                                SpecialTokens.HEADER_START,
                                SpecialTokens.HEADER_END,
                                SpecialTokens.END_OF_TURN));
    }

    @Override
    public Prompt render(Conversation conversation, List<ImageLayout> images) {
        return new Prompt(Piece.encode(pieces(conversation, images), tokenizer));
    }

    @Override
    public String renderText(Conversation conversation, List<ImageLayout> images) {
        return Piece.show(pieces(conversation, images));
    }

    private List<Piece> pieces(Conversation conversation, List<ImageLayout> images) {
        conversation.requireContinuable();
        conversation.requireImages(images);
        TurnWriter turns = new TurnWriter(tokenizer.special(), profile.joinsText(), images);
        List<Tool> tools = Tools.offered(conversation, options.keepToolsOnNone);
        profile.write(conversation, tools, turns);
        if (conversation.addGenerationPrompt()) {
            turns.header("assistant");
        }
        return turns.pieces();
    }
}

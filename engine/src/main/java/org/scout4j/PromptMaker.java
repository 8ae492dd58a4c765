package org.scout4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.ChatFormat;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.ImageLayout;
import org.scout4j.chat.Message;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.ContextOverflow;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.vision.Canvas;
import org.scout4j.vision.ImageIntake;
import org.scout4j.vision.ImageLimits;
import org.scout4j.vision.ImageRefused;
import org.scout4j.vision.ImageTiles;
import org.scout4j.vision.RequestImages;

/** Makes prompts: conversations and texts become token ids, images become tiles. */
final class PromptMaker implements AutoCloseable {
    private final Tokenizer tokenizer;

    /** Control tokens that a prompt may name, where it may name any. */
    private final Set<String> typable;

    private final Optional<ChatFormat> chatFormat;
    private final Optional<Integer> bosToken;
    private final ImageLimits limits;
    private final @Nullable ImageIntake intake;
    private final int patchesPerTile;

    PromptMaker(
            Tokenizer tokenizer,
            Optional<ChatFormat> chatFormat,
            ModelShape shape,
            ImageLimits limits) {
        this.tokenizer = tokenizer;
        this.typable = new HashSet<>(tokenizer.special().names());
        typable.remove(SpecialTokens.PATCH);
        this.chatFormat = chatFormat;
        this.bosToken = shape.bosToken();
        this.limits = limits;
        VisionShape vision = shape.vision().orElse(null);
        this.intake = vision == null ? null : new ImageIntake(vision.imageSize(), limits);
        this.patchesPerTile = vision == null ? 0 : vision.tokensPerTile();
    }

    /**
     * How the model reads a conversation.
     *
     * @throws InvalidRequest if it is a base model without any
     */
    ChatFormat chatFormat() {
        return chatFormat.orElseThrow(() ->
                new InvalidRequest(
                        "messages",
                        "This model has no chat format: it continues text only.",
                        "Use a completion instead, or an instruction-tuned model."));
    }

    /** An image of a conversation and its place there. */
    private record Shown(ImageData image, String param) {}

    /**
     * The prompt that a conversation becomes. Whoever gets it closes it. Images are decoded last:
     * their sizes, from the heads of the files, say how long the prompt is.
     *
     * @param contextLength most tokens of prompt and answer
     * @throws InvalidRequest if it cannot be expressed, or an image cannot be read
     * @throws ContextOverflow if it leaves no room for an answer
     * @throws org.scout4j.error.Overloaded if images wait for memory in vain
     */
    PreparedPrompt of(Conversation conversation, int contextLength) {
        ChatFormat format = chatFormat();
        List<Shown> shown = shown(conversation);
        if (shown.isEmpty()) {
            return PreparedPrompt.ofText(format.render(conversation).tokens());
        }
        List<ImageLayout> layouts = layouts(shown);
        int[] tokens = format.render(conversation, layouts).tokens();
        if (tokens.length >= contextLength) {
            throw new ContextOverflow(tokens.length + 1L, contextLength);
        }
        RequestImages held = intake().begin();
        boolean prepared = false;
        try {
            List<ImageTiles> images = new ArrayList<>();
            for (Shown each : shown) {
                images.add(read(each, held));
            }
            prepared = true;
            return new PreparedPrompt(tokens, layouts, images, held);
        } finally {
            if (!prepared) {
                held.close();
            }
        }
    }

    /** The token ids that a conversation becomes; of its images the heads are read only. */
    int[] tokens(Conversation conversation) {
        return chatFormat().render(conversation, layouts(shown(conversation))).tokens();
    }

    /** The text that a conversation becomes, control tokens by name; for people. */
    String text(Conversation conversation) {
        return chatFormat().renderText(conversation, layouts(shown(conversation)));
    }

    /** What an image takes of the context, by the head of its file. */
    ImageCost cost(ImageData image) {
        return new ImageCost(layout(new Shown(image, "image")));
    }

    private List<Shown> shown(Conversation conversation) {
        List<Shown> shown = new ArrayList<>();
        for (int i = 0; i < conversation.messages().size(); i++) {
            List<Message.Part> parts = conversation.messages().get(i).parts();
            for (int j = 0; j < parts.size(); j++) {
                if (parts.get(j) instanceof Message.Part.Image(ImageData image)) {
                    String place = "messages[" + i + "].content[" + j + "].image_url.url";
                    shown.add(new Shown(image, place));
                }
            }
        }
        if (shown.size() > limits.images()) {
            throw new InvalidRequest(
                    "messages",
                    InvalidRequest.INVALID_IMAGE,
                    "The conversation has "
                            + shown.size()
                            + " images; the most is "
                            + limits.images()
                            + ".",
                    "Leave out images of earlier turns.");
        }
        return shown;
    }

    private List<ImageLayout> layouts(List<Shown> shown) {
        return shown.stream().map(this::layout).toList();
    }

    private ImageLayout layout(Shown shown) {
        try {
            Canvas canvas = intake().canvas(shown.image.bytes(), mostTiles(shown.image));
            return new ImageLayout(canvas.rows(), canvas.columns(), patchesPerTile);
        } catch (ImageRefused refused) {
            throw refusal(refused, shown.param);
        }
    }

    private ImageTiles read(Shown shown, RequestImages held) {
        try {
            return held.read(shown.image.bytes(), mostTiles(shown.image));
        } catch (ImageRefused refused) {
            throw refusal(refused, shown.param);
        }
    }

    private int mostTiles(ImageData image) {
        return image.detail().tiles(limits.tiles());
    }

    private static InvalidRequest refusal(ImageRefused refused, String param) {
        return new InvalidRequest(
                param,
                InvalidRequest.INVALID_IMAGE,
                "The image '" + param + "' " + refused.problem() + ".",
                refused.remedy());
    }

    private ImageIntake intake() {
        if (intake == null) {
            throw new InvalidRequest(
                    "messages",
                    InvalidRequest.UNSUPPORTED,
                    "The conversation has images, and this model reads text only.",
                    "Send text only, or load a model with its vision part (for GGUF, the mmproj"
                            + " file beside it).");
        }
        return intake;
    }

    /** Bytes that images of requests hold while they are read and computed. */
    long imageBytes() {
        return intake == null ? 0 : intake.usedBytes();
    }

    @Override
    public void close() {
        if (intake != null) {
            intake.close();
        }
    }

    /**
     * The token ids that a completion's prompt becomes. A patch token stands for a part of an image
     * and means nothing without: as a name in a text it stays text.
     *
     * @throws InvalidRequest if it is among given ids
     */
    int[] tokens(CompletionRequest.Prompt prompt) {
        return switch (prompt) {
            case CompletionRequest.Text(String text, boolean parseSpecials, boolean addBegin) -> {
                int[] ids =
                        parseSpecials
                                ? tokenizer.encodeWithSpecials(text, typable)
                                : tokenizer.encode(text);
                yield addBegin ? begun(ids) : ids;
            }
            case CompletionRequest.Tokens(int[] ids, boolean addBegin) -> {
                requireNoPatch(ids);
                yield addBegin ? begun(ids) : ids.clone();
            }
        };
    }

    private void requireNoPatch(int[] ids) {
        OptionalInt patch = tokenizer.special().id(SpecialTokens.PATCH);
        if (patch.isPresent() && IntStream.of(ids).anyMatch(id -> id == patch.getAsInt())) {
            throw new InvalidRequest(
                    "prompt",
                    "The prompt has the token "
                            + patch.getAsInt()
                            + ", which stands for a part of an image, without an image.",
                    "Show images in a chat.");
        }
    }

    private int[] begun(int[] ids) {
        if (bosToken.isEmpty() || (ids.length > 0 && ids[0] == bosToken.get())) {
            return ids;
        }
        int[] tokens = new int[ids.length + 1];
        tokens[0] = bosToken.get();
        System.arraycopy(ids, 0, tokens, 1, ids.length);
        return tokens;
    }
}

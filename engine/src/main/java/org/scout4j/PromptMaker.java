package org.scout4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.ChatFormat;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.ImageLayout;
import org.scout4j.chat.Message;
import org.scout4j.checkpoint.ModelShape;
import org.scout4j.checkpoint.VisionShape;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.Tokenizer;
import org.scout4j.vision.ImageIntake;
import org.scout4j.vision.ImageLimits;
import org.scout4j.vision.ImageRefused;
import org.scout4j.vision.ImageTiles;
import org.scout4j.vision.RequestImages;

/** Makes prompts: conversations and texts become token ids, images become tiles. */
final class PromptMaker {
    private final Tokenizer tokenizer;
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

    /**
     * The prompt that a conversation becomes. Whoever gets it closes it.
     *
     * @throws InvalidRequest if it cannot be expressed, or an image cannot be read
     * @throws org.scout4j.error.Overloaded if images wait for memory in vain
     */
    PreparedPrompt of(Conversation conversation) {
        ChatFormat format = chatFormat();
        if (conversation.images().isEmpty()) {
            return PreparedPrompt.ofText(format.render(conversation).tokens());
        }
        RequestImages held = begin(conversation);
        boolean prepared = false;
        try {
            List<ImageTiles> images = read(conversation, held);
            List<ImageLayout> layouts = layouts(images);
            int[] tokens = format.render(conversation, layouts).tokens();
            prepared = true;
            return new PreparedPrompt(tokens, layouts, images, held);
        } finally {
            if (!prepared) {
                held.close();
            }
        }
    }

    /** The text that a conversation becomes, control tokens by name; for people. */
    String text(Conversation conversation) {
        if (conversation.images().isEmpty()) {
            return chatFormat().renderText(conversation);
        }
        try (RequestImages held = begin(conversation)) {
            return chatFormat().renderText(conversation, layouts(read(conversation, held)));
        }
    }

    /** What an image takes of the context. */
    ImageCost cost(ImageData image) {
        try (RequestImages held = intake().begin()) {
            ImageTiles tiles = read(image, held, "image");
            return new ImageCost(layouts(List.of(tiles)).getFirst());
        }
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

    private RequestImages begin(Conversation conversation) {
        ImageIntake checked = intake();
        int count = conversation.images().size();
        if (count > limits.images()) {
            throw new InvalidRequest(
                    "messages",
                    InvalidRequest.INVALID_IMAGE,
                    "The conversation has "
                            + count
                            + " images; the most is "
                            + limits.images()
                            + ".",
                    "Leave out images of earlier turns.");
        }
        return checked.begin();
    }

    private List<ImageTiles> read(Conversation conversation, RequestImages held) {
        List<ImageTiles> images = new ArrayList<>();
        for (int i = 0; i < conversation.messages().size(); i++) {
            List<Message.Part> parts = conversation.messages().get(i).parts();
            for (int j = 0; j < parts.size(); j++) {
                if (parts.get(j) instanceof Message.Part.Image(ImageData image)) {
                    images.add(read(image, held, "messages[" + i + "].content[" + j + "]"));
                }
            }
        }
        return images;
    }

    private ImageTiles read(ImageData image, RequestImages held, String param) {
        int tiles =
                switch (image.detail()) {
                    case LOW -> 1;
                    case HIGH -> limits.tiles();
                };
        try {
            return held.read(image.bytes(), tiles);
        } catch (ImageRefused refused) {
            throw new InvalidRequest(
                    param + ".image_url.url",
                    InvalidRequest.INVALID_IMAGE,
                    "The image '" + param + "' " + refused.problem() + ".",
                    refused.remedy());
        }
    }

    private List<ImageLayout> layouts(List<ImageTiles> images) {
        return images.stream()
                .map(image -> new ImageLayout(image.rows(), image.columns(), patchesPerTile))
                .toList();
    }

    /** The token ids that a completion's prompt becomes. */
    int[] tokens(CompletionRequest.Prompt prompt) {
        return switch (prompt) {
            case CompletionRequest.Text(String text, boolean parseSpecials, boolean addBegin) -> {
                int[] ids =
                        parseSpecials
                                ? tokenizer.encodeWithSpecials(text, tokenizer.special().names())
                                : tokenizer.encode(text);
                yield addBegin ? begun(ids) : ids;
            }
            case CompletionRequest.Tokens(int[] ids, boolean addBegin) ->
                    addBegin ? begun(ids) : ids.clone();
        };
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

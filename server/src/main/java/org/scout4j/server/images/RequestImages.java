package org.scout4j.server.images;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.scout4j.chat.Conversation;
import org.scout4j.chat.DataUrl;
import org.scout4j.chat.ImageData;
import org.scout4j.chat.ImageSource;
import org.scout4j.chat.Message;
import org.scout4j.error.InvalidRequest;
import org.scout4j.error.Overloaded;
import org.scout4j.server.Exchange;
import org.scout4j.server.ImageFetchReport.Outcome;
import org.scout4j.server.ServerOptions;

/**
 * The images of one request. While it is read, those that stand in it are decoded and the others
 * only checked; {@link #fetched} gets those when the rest of the request is known to be sound. For
 * the one thread that handles the request.
 */
public final class RequestImages implements ImageSource {
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final ServerOptions.ImageRules rules;
    private final RemoteImages remote;
    private final Map<ImageData, Wanted> wanted = new IdentityHashMap<>();
    private int count;

    /** An image on another host and the field that names it. */
    private record Wanted(URI uri, String param, int place) {}

    RequestImages(ServerOptions.ImageRules rules, RemoteImages remote) {
        this.rules = rules;
        this.remote = remote;
    }

    @Override
    public ImageData image(String url, ImageData.Detail detail, String param) {
        count++;
        if (count > rules.most()) {
            throw new InvalidRequest(
                    param,
                    InvalidRequest.INVALID_IMAGE,
                    "'" + param + "' is one image too many: the most is " + rules.most() + ".",
                    "Send fewer images, or leave out those of earlier turns.");
        }
        if (DataUrl.is(url) || remote.allowsNone()) {
            return new ImageData(DataUrl.image(url, param, rules.bytes()), detail);
        }
        URI uri =
                remote.admit(url)
                        .orElseThrow(() ->
                                new InvalidRequest(
                                        param,
                                        DataUrl.NOT_ALLOWED,
                                        "'"
                                                + param
                                                + "' is no https URL of a host that this server"
                                                + " fetches images from.",
                                        "Send the image itself, as a data URL."));
        ImageData promised = new ImageData(new byte[0], detail);
        wanted.put(promised, new Wanted(uri, param, count));
        return promised;
    }

    /** Images of the request, fetched or not. */
    public int count() {
        return count;
    }

    /**
     * The conversation with the images of other hosts in their places. Each URL is fetched once.
     *
     * @param readsImages whether the model does; nothing is fetched for one that does not
     * @throws InvalidRequest if the model reads no images, or one cannot be had: the same text for
     *     all causes
     * @throws Overloaded if too many images are being fetched
     * @throws org.scout4j.error.Cancelled if the client leaves
     */
    public Conversation fetched(Conversation conversation, boolean readsImages, Exchange exchange) {
        if (wanted.isEmpty()) {
            return conversation;
        }
        List<Wanted> inOrder =
                wanted.values().stream()
                        .sorted((a, b) -> Integer.compare(a.place(), b.place()))
                        .toList();
        if (!readsImages) {
            throw new InvalidRequest(
                    inOrder.getFirst().param(),
                    InvalidRequest.UNSUPPORTED,
                    "'" + inOrder.getFirst().param() + "' is an image, and the model reads none.",
                    "Send text only, or serve a model with its vision tower.");
        }
        return completed(conversation, fetch(inOrder, exchange));
    }

    private Map<URI, byte[]> fetch(List<Wanted> inOrder, Exchange exchange) {
        try {
            return remote.fetch(inOrder.stream().map(Wanted::uri).distinct().toList(), exchange);
        } catch (RemoteImages.NotFetched failed) {
            if (failed.outcome() == Outcome.BUSY) {
                throw new Overloaded("Too many images are being fetched.", RETRY);
            }
            String param =
                    inOrder.stream()
                            .filter(image -> image.uri().equals(failed.uri()))
                            .map(Wanted::param)
                            .findFirst()
                            .orElse("messages");
            throw new InvalidRequest(
                    param,
                    InvalidRequest.INVALID_IMAGE,
                    "'" + param + "' could not be fetched as an image.",
                    "Send the image itself, as a data URL.");
        }
    }

    private Conversation completed(Conversation conversation, Map<URI, byte[]> images) {
        List<Message> messages = new ArrayList<>();
        for (Message message : conversation.messages()) {
            List<Message.Part> parts =
                    message.parts().stream().map(part -> completed(part, images)).toList();
            messages.add(
                    new Message(message.role(), parts, message.toolCalls(), message.toolCallId()));
        }
        return new Conversation(
                messages,
                conversation.tools(),
                conversation.toolChoice(),
                conversation.addGenerationPrompt(),
                conversation.continueFinalMessage());
    }

    private Message.Part completed(Message.Part part, Map<URI, byte[]> images) {
        if (part instanceof Message.Part.Image(ImageData image)) {
            Wanted place = wanted.get(image);
            byte[] bytes = place == null ? null : images.get(place.uri());
            return bytes == null
                    ? part
                    : new Message.Part.Image(new ImageData(bytes, image.detail()));
        }
        return part;
    }
}

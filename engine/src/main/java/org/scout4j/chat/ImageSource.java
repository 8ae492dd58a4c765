package org.scout4j.chat;

import org.scout4j.error.InvalidRequest;

/** Makes the images that a conversation in JSON names by URLs. */
public interface ImageSource {
    /** Takes images that stand in the JSON themselves, of any size, and no others. */
    ImageSource INLINE =
            (url, detail, param) ->
                    new ImageData(DataUrl.image(url, param, Integer.MAX_VALUE), detail);

    /**
     * One image; they are asked for in the order of the conversation.
     *
     * @param url as it was written
     * @param param where it was written, for messages
     * @throws InvalidRequest with code {@code invalid_image} or {@code image_url_not_allowed}
     */
    ImageData image(String url, ImageData.Detail detail, String param);
}

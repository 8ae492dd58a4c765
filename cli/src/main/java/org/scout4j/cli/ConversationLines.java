package org.scout4j.cli;

import org.scout4j.chat.ChatFormat;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;

/** stub */
final class ConversationLines implements LineAnswer {
    ConversationLines(Tokenizer tokenizer, ChatFormat format) {}

    @Override
    public Properties answer(JsonNode line) {
        throw new UnsupportedOperationException();
    }
}

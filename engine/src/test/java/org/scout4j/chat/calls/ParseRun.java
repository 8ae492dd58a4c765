package org.scout4j.chat.calls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.scout4j.chat.ConversationReader;
import org.scout4j.chat.Message;
import org.scout4j.tokenizer.SpecialTokens;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Parses one text and puts the events together again.
 *
 * @param text texts of all events
 * @param calls what the events of each call say
 * @param message what the parser says at the end
 */
record ParseRun(String text, List<Message.ToolCall> calls, ParsedMessage message) {
    private static final List<String> TAGS =
            List.of(SpecialTokens.PYTHON_START, SpecialTokens.PYTHON_END);
    private static final List<String> ENDS = List.of("<|eot|>", "<|eom|>");

    /** Who parses. */
    record Setting(List<DeclaredFunction> functions, boolean parallel, boolean guarded) {
        OutputParser parser() {
            return new OutputParser(functions, parallel, guarded, CallIds.seeded(7, 0));
        }
    }

    static List<DeclaredFunction> functions(JsonNode tools) {
        return DeclaredFunction.of(ConversationReader.tools(tools, "tools"));
    }

    static final List<DeclaredFunction> DEFAULT = functions(golden().get("tools_default"));

    static JsonNode golden() {
        try (InputStream in = ParseRun.class.getResourceAsStream("/golden/chat/tool_parse.json")) {
            return JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text without the token that ends a turn. */
    static String body(String raw) {
        for (String end : ENDS) {
            if (raw.endsWith(end)) {
                return raw.substring(0, raw.length() - end.length());
            }
        }
        return raw;
    }

    /** In one piece, but for control tokens. */
    static ParseRun whole(Setting setting, String body, OutputEnd end) {
        return cut(setting, body, end, List.of());
    }

    /** Cut at some offsets in ascending order. */
    static ParseRun cut(Setting setting, String body, OutputEnd end, List<Integer> cuts) {
        Reader reader = new Reader(setting.parser());
        StringBuilder piece = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            String tag = tagAt(body, at);
            if (tag != null || cuts.contains(at)) {
                reader.text(piece);
            }
            if (tag != null) {
                reader.take(reader.parser.acceptPythonTag());
                at += tag.length();
            } else {
                piece.append(body.charAt(at++));
            }
        }
        reader.text(piece);
        reader.take(reader.parser.end(end));
        return reader.run();
    }

    static ParseRun eachCharacter(Setting setting, String body, OutputEnd end) {
        List<Integer> cuts = new ArrayList<>();
        for (int i = 0; i < body.length(); i++) {
            cuts.add(i);
        }
        return cut(setting, body, end, cuts);
    }

    static List<Integer> randomCuts(String body, RandomGenerator random) {
        List<Integer> cuts = new ArrayList<>();
        int often = random.nextInt(1, 12);
        for (int i = 0; i < body.length(); i++) {
            if (random.nextInt(often) == 0) {
                cuts.add(i);
            }
        }
        return cuts;
    }

    private static @Nullable String tagAt(String body, int at) {
        for (String tag : TAGS) {
            if (body.startsWith(tag, at)) {
                return tag;
            }
        }
        return null;
    }

    private static final class Reader {
        final OutputParser parser;
        private final StringBuilder text = new StringBuilder();
        private final List<Message.ToolCall> calls = new ArrayList<>();

        Reader(OutputParser parser) {
            this.parser = parser;
        }

        void text(StringBuilder piece) {
            if (!piece.isEmpty()) {
                take(parser.accept(piece.toString()));
                piece.setLength(0);
            }
        }

        void take(List<OutputEvent> events) {
            for (OutputEvent event : events) {
                switch (event) {
                    case OutputEvent.Text(String piece) -> text.append(piece);
                    case OutputEvent.CallStarted(int index, String id, String name) -> {
                        if (index != calls.size()) {
                            throw new AssertionError("call " + index + " after " + calls);
                        }
                        calls.add(new Message.ToolCall(id, name, ""));
                    }
                    case OutputEvent.CallArguments(int index, String json) -> {
                        Message.ToolCall call = calls.get(index);
                        calls.set(
                                index,
                                new Message.ToolCall(
                                        call.id(), call.name(), call.arguments() + json));
                    }
                }
            }
        }

        ParseRun run() {
            return new ParseRun(text.toString(), List.copyOf(calls), parser.message());
        }
    }
}

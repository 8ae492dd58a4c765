package org.scout4j.chat;

import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.scout4j.chat.template.JsonWriter;
import org.scout4j.chat.template.PythonText;
import org.scout4j.chat.template.Template;
import org.scout4j.chat.template.TemplateException;
import org.scout4j.chat.template.TemplateException.Kind;
import org.scout4j.chat.template.Text;
import org.scout4j.chat.template.Value;
import org.scout4j.error.InvalidRequest;
import org.scout4j.tokenizer.SpecialTokens;
import org.scout4j.tokenizer.Tokenizer;

/**
 * The format that a checkpoint's own template describes. Everything that a request says enters the
 * template as untrusted text; of what comes out, only control tokens that the template wrote itself
 * become control tokens ({@link ControlTokens}).
 */
public final class TemplateFormat implements ChatFormat {
    private static final char MARK = '\uFDD0';

    private final Template template;
    private final Tokenizer tokenizer;
    private final Edges edges;
    private final Clock clock;
    private final ControlTokens controls;
    private final CallShape callShape;

    /**
     * The tokens at the edges of a prompt.
     *
     * @param begin name of the begin-of-text token, where the vocabulary has one
     * @param end name of the end-of-text token, where the vocabulary has one
     * @param addBegin whether a prompt begins with {@code begin} also when the template does not
     *     write it
     */
    public record Edges(Optional<String> begin, Optional<String> end, boolean addBegin) {}

    /**
     * @param clock what {@code strftime_now} of the template reads
     */
    public TemplateFormat(Template template, Tokenizer tokenizer, Edges edges, Clock clock) {
        this.template = template;
        this.tokenizer = tokenizer;
        this.edges = edges;
        this.clock = clock;
        this.controls = new ControlTokens(tokenizer.special());
        this.callShape = bestShape();
    }

    /**
     * How a message that only calls tools is shown to a template. Templates disagree: some take the
     * arguments apart, others join them to a text; some look for {@code none} as content, others
     * print it.
     *
     * @param textArguments arguments are JSON text, not an object
     * @param emptyContent content is an empty text, not {@code None}
     */
    private record CallShape(boolean textArguments, boolean emptyContent) {
        static final List<CallShape> ALL =
                List.of(
                        new CallShape(false, false),
                        new CallShape(false, true),
                        new CallShape(true, false),
                        new CallShape(true, true));
    }

    /** The shape in which this template shows a call best; the first of equals. */
    private CallShape bestShape() {
        CallShape best = CallShape.ALL.getFirst();
        int bestQuality = 0;
        for (CallShape shape : CallShape.ALL) {
            int quality = quality(shape);
            if (quality > bestQuality) {
                best = shape;
                bestQuality = quality;
            }
        }
        return best;
    }

    /** More if the template renders a call at all, shows it, and shows no {@code None}. */
    private int quality(CallShape shape) {
        Message.ToolCall call =
                new Message.ToolCall("call00000", "called", "{\"key\": \"argument\"}");
        Message calling = new Message(Message.Role.ASSISTANT, List.of(), List.of(call), null);
        List<Message.Part> answer = List.of(new Message.Part.Text("answer"));
        Message result = new Message(Message.Role.TOOL, answer, List.of(), call.id());
        Conversation probe =
                Conversation.of(
                        List.of(
                                Message.user("question"),
                                calling,
                                result,
                                Message.assistant("end"),
                                Message.user("thanks")));
        try {
            String text =
                    template.render(variables(probe, shape, ""), LocalDateTime.now(clock)).chars();
            boolean shown = text.contains("called") && text.contains("argument");
            return 1 + (shown ? 2 : 0) + (text.contains("None") ? 0 : 1);
        } catch (TemplateException e) {
            return 0;
        }
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
        conversation.requireImages(images);
        List<Piece> pieces = withOneBegin(controls.pieces(text(conversation)));
        return images.isEmpty() ? pieces : withImages(pieces, images);
    }

    /** A template writes one control token for an image; what it stands for is known here only. */
    private List<Piece> withImages(List<Piece> pieces, List<ImageLayout> images) {
        ImageWriter writer = new ImageWriter(tokenizer.special());
        List<Piece> expanded = new ArrayList<>();
        int next = 0;
        for (Piece piece : pieces) {
            if (!(piece instanceof Piece.Control(int _, String name))
                    || !name.equals(SpecialTokens.IMAGE)) {
                expanded.add(piece);
            } else if (next < images.size()) {
                expanded.addAll(writer.pieces(images.get(next++)));
            } else {
                throw imagesNotWritten();
            }
        }
        if (next < images.size()) {
            throw imagesNotWritten();
        }
        return expanded;
    }

    private static InvalidRequest imagesNotWritten() {
        return new InvalidRequest(
                "messages",
                InvalidRequest.UNSUPPORTED,
                "The chat template of this model does not write one image token for each image.",
                "Send text only.");
    }

    /** Exactly one begin-of-text token at the start, if there is to be one at all. */
    private List<Piece> withOneBegin(List<Piece> pieces) {
        if (edges.begin.isEmpty()) {
            return pieces;
        }
        int id = tokenizer.special().require(edges.begin.get());
        Piece begin = new Piece.Control(id, edges.begin.get());
        int written = 0;
        while (written < pieces.size() && pieces.get(written).equals(begin)) {
            written++;
        }
        List<Piece> result = new ArrayList<>(pieces.subList(written, pieces.size()));
        if (written > 0 || edges.addBegin) {
            result.addFirst(begin);
        }
        return result;
    }

    private Text text(Conversation conversation) {
        conversation.requireContinuable();
        String mark = conversation.continueFinalMessage() ? mark(conversation) : "";
        Text text;
        try {
            text =
                    template.render(
                            variables(conversation, callShape, mark), LocalDateTime.now(clock));
        } catch (TemplateException e) {
            throw refusal(e);
        }
        if (mark.isEmpty()) {
            return text;
        }
        int end = PythonText.lastIndexOf(text.chars(), mark, text.length());
        if (end < 0) {
            throw new InvalidRequest(
                    "continue_final_message",
                    "The chat template of this model does not write the last message at the end.");
        }
        return text.substring(0, end);
    }

    private static InvalidRequest refusal(TemplateException e) {
        return new InvalidRequest(
                "messages",
                e.kind() == Kind.REFUSED
                        ? "The chat template of this model refuses this conversation: " + e.reason()
                        : "The chat template of this model cannot render this conversation: "
                                + e.getMessage());
    }

    /**
     * A text that no message contains: appended to the last message it shows where to cut, and
     * keeps the template from trimming before the cut. Its character is a noncharacter.
     */
    private static String mark(Conversation conversation) {
        int longest = 0;
        for (Message message : conversation.messages()) {
            String text = message.text();
            int run = 0;
            for (int i = 0; i < text.length(); i++) {
                run = text.charAt(i) == MARK ? run + 1 : 0;
                longest = Math.max(longest, run);
            }
        }
        return String.valueOf(MARK).repeat(longest + 1);
    }

    private Map<String, Value> variables(Conversation conversation, CallShape shape, String mark) {
        Map<String, Value> variables = new HashMap<>();
        List<Value> messages = new ArrayList<>();
        Map<String, String> calls = new HashMap<>();
        int last = conversation.messages().size() - 1;
        for (int i = 0; i <= last; i++) {
            Message message = conversation.messages().get(i);
            message.toolCalls().forEach(call -> calls.put(call.id(), call.name()));
            messages.add(message(message, calls, shape, i == last ? mark : ""));
        }
        variables.put("messages", Value.list(messages));
        List<Value> tools =
                Llama4Profile.definitions(Tools.offered(conversation, false)).stream()
                        .map(Tools::wrapped)
                        .toList();
        variables.put("tools", tools.isEmpty() ? Value.NONE : Value.list(tools));
        variables.put("documents", Value.NONE);
        switch (conversation.toolChoice()) {
            case ToolChoice.Auto _, ToolChoice.None _ -> {}
            case ToolChoice.Required _, ToolChoice.Named _ ->
                    variables.put("tool_choice", Text.trusted("required"));
        }
        variables.put("add_generation_prompt", Value.of(conversation.addGenerationPrompt()));
        edges.begin.ifPresent(name -> variables.put("bos_token", Text.trusted(name)));
        edges.end.ifPresent(name -> variables.put("eos_token", Text.trusted(name)));
        return variables;
    }

    /**
     * @param calls names of the functions called so far, by call id
     * @param mark appended to the content
     */
    private static Value message(
            Message message, Map<String, String> calls, CallShape shape, String mark) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put(
                "role",
                Text.trusted(
                        switch (message.role()) {
                            case SYSTEM -> "system";
                            case USER -> "user";
                            case ASSISTANT -> "assistant";
                            case TOOL -> "tool";
                        }));
        boolean none =
                message.parts().isEmpty()
                        && !message.toolCalls().isEmpty()
                        && mark.isEmpty()
                        && !shape.emptyContent;
        fields.put("content", none ? Value.NONE : content(message, mark));
        if (!message.toolCalls().isEmpty()) {
            fields.put(
                    "tool_calls",
                    Value.list(
                            message.toolCalls().stream()
                                    .map(call -> call(call, shape.textArguments))
                                    .toList()));
        }
        String id = message.toolCallId();
        if (id != null) {
            fields.put("tool_call_id", Text.untrusted(id));
            String name = calls.get(id);
            if (name != null) {
                fields.put("name", Text.untrusted(name));
            }
        }
        return Value.Mapping.of(fields);
    }

    /** A text, or with images a list of parts, as templates for both expect it. */
    private static Value content(Message message, String mark) {
        if (!message.hasImages()) {
            return Text.untrusted(message.text() + mark);
        }
        List<Value> parts = new ArrayList<>();
        for (Message.Part part : message.parts()) {
            Map<String, Value> fields = new LinkedHashMap<>();
            switch (part) {
                case Message.Part.Text(String text) -> {
                    fields.put("type", Text.trusted("text"));
                    fields.put("text", Text.untrusted(text));
                }
                case Message.Part.Image _ -> fields.put("type", Text.trusted("image"));
            }
            parts.add(Value.Mapping.of(fields));
        }
        return Value.list(parts);
    }

    private static Value call(Message.ToolCall call, boolean textArguments) {
        Value arguments = Tools.arguments(call);
        if (textArguments && arguments instanceof Value.Mapping) {
            arguments = Text.untrusted(JsonWriter.ONE_LINE.write(arguments));
        }
        Map<String, Value> function = new LinkedHashMap<>();
        function.put("name", Text.untrusted(call.name()));
        function.put("arguments", arguments);
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("id", Text.untrusted(call.id()));
        fields.put("type", Text.trusted("function"));
        fields.put("function", Value.Mapping.of(function));
        return Value.Mapping.of(fields);
    }
}

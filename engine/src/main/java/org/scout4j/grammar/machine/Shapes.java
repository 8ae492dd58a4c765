package org.scout4j.grammar.machine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scout4j.grammar.GrammarRefused;
import org.scout4j.grammar.Language;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.Alternative;
import org.scout4j.grammar.value.ValueNode;

/** Makes a language's frames: each node of the value graph once in each syntax. For one thread. */
final class Shapes {
    private final Map<Syntax, IdentityHashMap<ValueNode, Values>> made =
            new EnumMap<>(Syntax.class);
    private final Map<Syntax, IdentityHashMap<TextDfa, DfaTexts>> texts =
            new EnumMap<>(Syntax.class);
    private final ArrayDeque<Runnable> open = new ArrayDeque<>();
    private final List<Values> all = new ArrayList<>();
    private @Nullable TextDfa arguments;

    private Shapes() {}

    /**
     * The frames with which a language's answers begin.
     *
     * @throws GrammarRefused if no answer stays within the bounds
     */
    static List<Frame> of(Language language) {
        Shapes shapes = new Shapes();
        List<Frame> frames = new ArrayList<>();
        shapes.begin(language, frames);
        shapes.fillAll();
        shapes.findHeights();
        frames.replaceAll(Shapes::withoutEndless);
        frames.removeIf(Shapes::tooDeep);
        if (frames.isEmpty()) {
            throw new GrammarRefused(
                    GrammarRefused.Reason.UNSUPPORTED,
                    "",
                    "",
                    "Every value of this has more than "
                            + Values.MOST_LEVELS
                            + " levels of arrays and objects inside each other.");
        }
        return frames;
    }

    /** Calls without those that no arguments fit. */
    private static Frame withoutEndless(Frame frame) {
        if (!(frame instanceof CallsFrame(CallsFrame.Rule rule, var phase, int count))) {
            return frame;
        }
        List<CallsFrame.Call> calls = new ArrayList<>(rule.calls());
        calls.removeIf(call -> {
            int height = call.whole() == null ? Values.ENDLESS : call.whole().height();
            for (ObjectRule named : call.named()) {
                height = Math.min(height, named.height());
            }
            return height > Values.MOST_LEVELS;
        });
        return new CallsFrame(new CallsFrame.Rule(List.copyOf(calls), rule.most()), phase, count);
    }

    private static boolean tooDeep(Frame frame) {
        return switch (frame) {
            case Frame.Await(Values values, boolean _, boolean _) ->
                    values.height() > Values.MOST_LEVELS;
            case CallsFrame calls -> calls.rule().calls().isEmpty();
            default -> false;
        };
    }

    private void begin(Language language, List<Frame> frames) {
        switch (language) {
            case Language.Document(ValueNode value) ->
                    frames.add(new Frame.Await(values(value, Syntax.JSON), false, false));
            case Language.PlainText(TextDfa text) -> {
                if (!text.isEmpty()) {
                    frames.add(TextKind.of(new DfaTexts(text), TextKind.Form.RAW).begin());
                }
            }
            case Language.Calls calls -> frames.add(calls(calls));
            case Language.AnyOf(List<Language> languages) ->
                    languages.forEach(each -> begin(each, frames));
        }
    }

    private Frame calls(Language.Calls calls) {
        List<CallsFrame.Call> rules = new ArrayList<>();
        for (Language.Function function : calls.functions()) {
            CallsFrame.Call call = call(function);
            rules.add(call);
        }
        rules.sort(Comparator.comparing(CallsFrame.Call::name));
        return new CallsFrame(
                new CallsFrame.Rule(List.copyOf(rules), calls.most()), CallsFrame.Phase.START, 0);
    }

    private CallsFrame.Call call(Language.Function function) {
        List<Alternative> objects = new ArrayList<>();
        boolean named = true;
        boolean none = false;
        for (Alternative alternative : function.parameters().alternatives()) {
            if (alternative instanceof Alternative.Objects object) {
                objects.add(object);
                none |= mayBeEmpty(object);
                for (Alternative.Property property : object.properties()) {
                    named &= NameSets.isArgument(property.name());
                }
                for (Alternative.OtherNames other : object.others()) {
                    named &= object.min() == 0 || !arguments(other.names()).isEmpty();
                }
            }
        }
        String name =
                new String(
                        function.name().getBytes(StandardCharsets.UTF_8),
                        StandardCharsets.ISO_8859_1);
        if (named) {
            List<ObjectRule> rules = new ArrayList<>();
            for (Alternative object : objects) {
                rules.add(ObjectRule.of((Alternative.Objects) object, Syntax.ARGUMENTS, this));
            }
            List<ObjectRule> kept = List.copyOf(rules);
            named(kept);
            return new CallsFrame.Call(name, kept, null, none);
        }
        ValueNode whole = new ValueNode();
        whole.fill(objects);
        return new CallsFrame.Call(name, List.of(), values(whole, Syntax.PYTHON), none);
    }

    /** Lets the heights of rules that stand for no value be found as well. */
    private void named(List<ObjectRule> rules) {
        Values values = new Values();
        values.fill(List.copyOf(rules));
        all.add(values);
    }

    private static boolean mayBeEmpty(Alternative.Objects object) {
        boolean empty = object.min() == 0 && object.obligations().isEmpty();
        for (Alternative.Property property : object.properties()) {
            empty &= !property.required();
        }
        return empty;
    }

    /** The names of a set that can stand in a Python call. */
    TextDfa arguments(TextDfa names) {
        TextDfa identifiers = arguments;
        if (identifiers == null) {
            identifiers = NameSets.arguments();
            arguments = identifiers;
        }
        return NameSets.both(names, identifiers);
    }

    /** A node's values in one syntax. */
    Values values(ValueNode node, Syntax syntax) {
        IdentityHashMap<ValueNode, Values> known =
                made.computeIfAbsent(syntax, _ -> new IdentityHashMap<>());
        Values values = known.get(node);
        if (values == null) {
            Values fresh = new Values();
            known.put(node, fresh);
            all.add(fresh);
            open.add(() -> fresh.fill(kinds(node, syntax)));
            values = fresh;
        }
        return values;
    }

    /** Fills what was asked for, and what that asks for; not recursively, graphs may be deep. */
    private void fillAll() {
        for (Runnable next = open.poll(); next != null; next = open.poll()) {
            next.run();
        }
    }

    private List<Values.Kind> kinds(ValueNode node, Syntax syntax) {
        List<Values.Kind> kinds = new ArrayList<>(node.alternatives().size());
        boolean json = syntax == Syntax.JSON;
        for (Alternative alternative : node.alternatives()) {
            kinds.add(
                    switch (alternative) {
                        case Alternative.Keywords keywords -> words(keywords, json);
                        case Alternative.Numbers(TextDfa spelling) ->
                                new Values.Number(
                                        TextKind.of(texts(spelling, syntax), TextKind.Form.RAW));
                        case Alternative.Strings strings ->
                                new Values.Text(
                                        text(
                                                strings,
                                                syntax,
                                                json ? TextKind.Form.JSON : TextKind.Form.PYTHON));
                        case Alternative.Arrays arrays -> {
                            DistinctItems.check(arrays);
                            yield ArrayRule.of(arrays, syntax, this);
                        }
                        case Alternative.Objects objects -> ObjectRule.of(objects, syntax, this);
                    });
        }
        return kinds;
    }

    private TextKind text(Alternative.Strings strings, Syntax syntax, TextKind.Form form) {
        TextDfa content = strings.content();
        return strings.bounded()
                ? TextKind.of(new BoundedTexts(content, strings.maxLength()), form)
                : new TextKind(
                        texts(content, syntax), form, strings.minLength(), strings.maxLength());
    }

    private DfaTexts texts(TextDfa dfa, Syntax syntax) {
        return texts.computeIfAbsent(syntax, _ -> new IdentityHashMap<>())
                .computeIfAbsent(dfa, DfaTexts::new);
    }

    private static Values.Words words(Alternative.Keywords keywords, boolean json) {
        List<String> words = new ArrayList<>(3);
        if (keywords.allowsNull()) {
            words.add(json ? "null" : "None");
        }
        if (keywords.allowsTrue()) {
            words.add(json ? "true" : "True");
        }
        if (keywords.allowsFalse()) {
            words.add(json ? "false" : "False");
        }
        return new Values.Words(words);
    }

    /** Heights by rounds: values of n levels are those that need only such of fewer levels. */
    private void findHeights() {
        List<Values.Kind> rules = new ArrayList<>();
        for (Values values : all) {
            values.heightFound();
            for (Values.Kind kind : values.kinds()) {
                if (kind instanceof ArrayRule || kind instanceof ObjectRule) {
                    rules.add(kind);
                }
            }
        }
        for (int levels = 0; levels < Values.MOST_LEVELS && !rules.isEmpty(); levels++) {
            int most = levels;
            rules.removeIf(kind ->
                    kind instanceof ArrayRule array && array.heightFound(most)
                            || kind instanceof ObjectRule object && object.heightFound(most));
            all.forEach(Values::heightFound);
        }
    }
}

package org.scout4j.grammar;

import java.util.List;
import org.scout4j.grammar.regex.TextDfa;
import org.scout4j.grammar.value.ValueNode;

/** All answers that are allowed, as bytes of UTF-8. */
public sealed interface Language {
    /** One JSON document, with bounded white space between its tokens. */
    record Document(ValueNode value) implements Language {}

    /** A text as it is, e.g. one that matches a pattern or is one of a few choices. */
    record PlainText(TextDfa text) implements Language {}

    /**
     * A list of tool calls as Llama 4 writes them: {@code [f(a=1, b="x"), g()]}, arguments as
     * Python literals (spec "Chat" §5).
     *
     * @param functions at least one
     * @param most most calls; at least 1
     */
    record Calls(List<Function> functions, int most) implements Language {
        public Calls {
            functions = List.copyOf(functions);
        }
    }

    /**
     * A function that may be called.
     *
     * @param parameters the objects of arguments it takes
     */
    record Function(String name, ValueNode parameters) {}

    /** Whatever one of several languages allows. */
    record AnyOf(List<Language> languages) implements Language {
        public AnyOf {
            languages = List.copyOf(languages);
        }
    }
}

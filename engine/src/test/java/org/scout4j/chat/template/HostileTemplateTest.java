package org.scout4j.chat.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Reading and rendering any text ends soon, and throws nothing but {@link TemplateException}. */
class HostileTemplateTest {
    private static final Limits LIMITS = new Limits(20_000, 64, 20_000, 100_000);

    private static final Map<String, Value> VARIABLES =
            Map.of(
                    "messages",
                    JsonReader.read(
                                    "[{\"role\":\"user\",\"content\":\"a <|eot|> \\ud83d\\ude00 \\ud800\"},"
                                            + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":"
                                            + "[{\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1.5,\"y\":[null,true]}}}]}]")
                            .orElseThrow(),
                    "tools",
                    Value.NONE,
                    "bos_token",
                    Text.trusted("<s>"),
                    "n",
                    Value.of(3));

    static void render(String template) {
        try {
            Text text =
                    Template.compile(template, LIMITS).render(VARIABLES, GoldenTemplateTest.NOW);
            assertThat(text.length()).isLessThanOrEqualTo(LIMITS.output());
        } catch (TemplateException e) {
            assertThat(e.getMessage()).isNotNull();
        }
    }

    private static final List<String> WORDS =
            List.of(
                    "{{",
                    "}}",
                    "{%",
                    "%}",
                    "{#",
                    "#}",
                    "-",
                    "+",
                    "~",
                    "*",
                    "/",
                    "//",
                    "**",
                    "%",
                    "(",
                    ")",
                    "[",
                    "]",
                    "{",
                    "}",
                    ".",
                    ",",
                    ":",
                    "|",
                    "=",
                    "==",
                    "!=",
                    "<",
                    ">=",
                    "'",
                    "\"",
                    "\\",
                    "\n",
                    " ",
                    "if",
                    "else",
                    "elif",
                    "endif",
                    "for",
                    "in",
                    "endfor",
                    "set",
                    "endset",
                    "macro",
                    "endmacro",
                    "call",
                    "endcall",
                    "filter",
                    "endfilter",
                    "with",
                    "endwith",
                    "raw",
                    "endraw",
                    "break",
                    "continue",
                    "is",
                    "not",
                    "and",
                    "or",
                    "none",
                    "true",
                    "messages",
                    "loop",
                    "namespace",
                    "range",
                    "dict",
                    "tojson",
                    "map",
                    "join",
                    "select",
                    "default",
                    "length",
                    "sort",
                    "batch",
                    "items",
                    "split",
                    "format",
                    "index",
                    "n",
                    "x",
                    "0",
                    "1",
                    "-1",
                    "99999999999999999999",
                    "1e308",
                    "0.5",
                    "'%5.2f'",
                    "'{0}'",
                    "''",
                    "'a'",
                    "[]",
                    "{}",
                    "defined",
                    "string",
                    "upper",
                    "center",
                    "indent",
                    "round",
                    "replace",
                    "strip",
                    "caller",
                    "varargs",
                    "kwargs",
                    "\ud83d\ude00",
                    "\ud800",
                    "\u0000");

    private static final List<String> TEMPLATES =
            GoldenTemplateTest.cases().map(GoldenTemplateTest.Case::template).distinct().toList();

    @Test
    void damagedTemplatesAreRenderedOrRefused() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_500; round++) {
            StringBuilder template =
                    new StringBuilder(TEMPLATES.get(random.nextInt(TEMPLATES.size())));
            for (int i = random.nextInt(1, 6); i > 0 && !template.isEmpty(); i--) {
                damage(template, random);
            }
            tryTo(template.toString(), seed, round);
        }
    }

    private static void damage(StringBuilder template, SplittableRandom random) {
        int at = random.nextInt(template.length());
        int end = Math.min(template.length(), at + random.nextInt(1, 12));
        switch (random.nextInt(5)) {
            case 0 -> template.delete(at, end);
            case 1 -> template.insert(at, WORDS.get(random.nextInt(WORDS.size())));
            case 2 ->
                    template.insert(random.nextInt(template.length()), template.substring(at, end));
            case 3 -> template.setCharAt(at, (char) random.nextInt(0x80));
            default -> {
                template.delete(at, end);
                template.insert(at, WORDS.get(random.nextInt(WORDS.size())));
            }
        }
    }

    @Test
    void wordsInAnyOrderAreRenderedOrRefused() {
        long seed = 12;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_500; round++) {
            StringBuilder template = new StringBuilder("{{ ");
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                template.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
            }
            tryTo(template.append("}}").toString(), seed, round);
        }
    }

    private static void tryTo(String template, long seed, int round) {
        try {
            render(template);
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed + " round " + round + ": " + template, e);
        }
    }

    /** Every filter and method on every kind of value, with every kind of argument. */
    @Test
    void operationsOnOddValuesAreDoneOrRefused() {
        List<String> values =
                List.of(
                        "none",
                        "true",
                        "0",
                        "-7",
                        "2.5",
                        "10**40",
                        "1e308*10",
                        "''",
                        "'a b'",
                        "[]",
                        "[1, 'x', none]",
                        "(1,)",
                        "{}",
                        "{'a': 1}",
                        "missing",
                        "range(3)",
                        "loop",
                        "messages",
                        "namespace(a=1)",
                        "dict",
                        "{}.items()",
                        "[1]|map('string')",
                        "'x'.upper",
                        "'\\ud83d\\ude00'");
        List<String> operations =
                List.of(
                        "abs",
                        "batch(%s)",
                        "capitalize",
                        "center(%s)",
                        "count",
                        "default(%s)",
                        "dictsort",
                        "first",
                        "float",
                        "format(%s)",
                        "indent(%s)",
                        "int",
                        "int(%s)",
                        "items",
                        "join(%s)",
                        "last",
                        "length",
                        "list",
                        "lower",
                        "map(%s)",
                        "map(attribute=%s)",
                        "max",
                        "min",
                        "reject(%s)",
                        "selectattr(%s)",
                        "replace(%s, %s)",
                        "reverse",
                        "round",
                        "round(%s)",
                        "round(1, 'ceil')",
                        "select",
                        "sort",
                        "sort(attribute=%s)",
                        "string",
                        "sum",
                        "sum(start=%s)",
                        "title",
                        "tojson",
                        "tojson(indent=%s)",
                        "tojson(separators=%s)",
                        "trim",
                        "trim(%s)",
                        "unique",
                        "upper");
        List<String> methods =
                List.of(
                        "split(%s)",
                        "rsplit(%s, 1)",
                        "join(%s)",
                        "strip(%s)",
                        "find(%s)",
                        "count(%s)",
                        "index(%s)",
                        "startswith(%s)",
                        "replace(%s, %s)",
                        "get(%s)",
                        "zfill(%s)",
                        "format(%s)",
                        "items()",
                        "title()",
                        "splitlines(%s)",
                        "partition(%s)",
                        "center(%s)");
        for (String value : values) {
            for (String argument : List.of("-1", "'a'", "[1, 'x']", "{'a': 1}", "missing")) {
                for (String operation : operations) {
                    render("{{ (" + value + ") | " + operation.replace("%s", argument) + " }}");
                }
                for (String method : methods) {
                    render("{{ (" + value + ")." + method.replace("%s", argument) + " }}");
                }
                for (String operator :
                        List.of(
                                "+", "-", "*", "/", "//", "%", "**", "~", "==", "<", ">=", "in",
                                "is in")) {
                    render("{{ (" + value + ") " + operator + " (" + argument + ") }}");
                }
                render("{{ (" + value + ")[" + argument + "] }}");
                render("{{ (" + value + ")[" + argument + ":" + argument + "] }}");
                render("{{ (" + value + ")[::" + argument + "] }}");
                render("{% for a, b in " + value + " %}{{ a }}{% endfor %}");
                render("{{ {" + value + ": " + argument + "} }}");
                render("{{ '%s %5d %.2f' % (" + value + ", " + argument + ", 1) }}");
                render("{{ '{} {0[0]} {x.a:.1f}'.format(" + value + ", x=" + argument + ") }}");
            }
        }
    }
}

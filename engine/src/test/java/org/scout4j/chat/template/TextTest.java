package org.scout4j.chat.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TextTest {
    private static final Budget BUDGET = new Budget(Limits.DEFAULT, 0);

    /** Characters with {@code -} where the template wrote them and {@code ?} where it did not. */
    private static String origin(Text text) {
        StringBuilder origin = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            origin.append(text.isTrusted(i) ? '-' : '?');
        }
        return origin.toString();
    }

    private static Text render(String template, String untrusted) {
        return Template.compile(template)
                .render(
                        Map.of(
                                "u",
                                Text.untrusted(untrusted),
                                "l",
                                Value.list(List.of(Text.untrusted("p"), Text.untrusted("q"))),
                                "n",
                                new Value.Int(BigInteger.TEN, false)),
                        GoldenTemplateTest.NOW);
    }

    @Test
    void everyCharacterKnowsItsOrigin() {
        Text text =
                new TextBuilder(BUDGET)
                        .append("ab", true)
                        .append("cd", false)
                        .append("ef", false)
                        .append("", true)
                        .append("gh", true)
                        .text();
        assertThat(text.chars()).isEqualTo("abcdefgh");
        assertThat(origin(text)).isEqualTo("--????--");
        assertThat(text.runEnd(0)).isEqualTo(2);
        assertThat(text.runEnd(2)).isEqualTo(6);
        assertThat(text.runEnd(7)).isEqualTo(8);
    }

    @Test
    void rangesKeepOrigins() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 500; round++) {
            TextBuilder builder = new TextBuilder(BUDGET);
            StringBuilder expected = new StringBuilder();
            for (int i = random.nextInt(6); i >= 0; i--) {
                boolean trusted = random.nextBoolean();
                String piece = "x".repeat(random.nextInt(4));
                builder.append(piece, trusted);
                expected.append((trusted ? "-" : "?").repeat(piece.length()));
            }
            Text text = builder.text();
            assertThat(origin(text)).as("round %d", round).isEqualTo(expected.toString());
            int from = random.nextInt(text.length() + 1);
            int to = random.nextInt(from, text.length() + 1);
            Text range = text.substring(from, to);
            assertThat(origin(range))
                    .as("round %d, %d to %d", round, from, to)
                    .isEqualTo(expected.substring(from, to));
            assertThat(origin(new TextBuilder(BUDGET).append(range).append(text).text()))
                    .isEqualTo(expected.substring(from, to) + expected);
        }
    }

    private static void origins(String template, String output, String origins) {
        Text text = render(template, " Abc ");
        assertThat(text.chars()).as(template).isEqualTo(output);
        assertThat(origin(text)).as(template).isEqualTo(origins);
    }

    @Test
    void textOperationsCarryOrigins() {
        origins("x{{ u | trim }}y", "xAbcy", "-???-");
        origins("{{ 'x' ~ u.strip() ~ 1 ~ true }}", "xAbc1True", "-???-----");
        origins("{{ 'x' + u.upper().strip() }}", "xABC", "-???");
        origins("{{ u[1:3] ~ 'z' }}", "Abz", "??-");
        origins("{{ u.strip()[::-1] }}", "cbA", "???");
        origins("{{ u.strip() | replace('b', '<>') }}", "A<>c", "?--?");
        origins("{{ 'abc' | replace('b', u[1]) }}", "aAc", "-?-");
        origins("{{ '<%s>' % u.strip() }}", "<Abc>", "-???-");
        origins("{{ '<{}>'.format(u.strip()) }}", "<Abc>", "-???-");
        origins("{{ u.strip().center(5, '.') }}", ".Abc.", "-???-");
        origins("{{ (u.strip() ~ 'X') | lower }}", "abcx", "???-");
        origins("{{ (u.strip() ~ 'X') | title }}", "Abcx", "???-");
        origins("{{ (u.strip() ~ 'X') | capitalize }}", "Abcx", "???-");
        origins("{{ (u.strip() ~ '&') | e }}", "Abc&amp;", "???-----");
        origins("{{ (u.strip() ~ '\nz') | indent(1) }}", "Abc\n z", "???---");
        origins("{{ 'yes' if u.strip() == 'Abc' }}", "yes", "---");
    }

    @Test
    void collectionsCarryOrigins() {
        origins("{{ ['x', u.strip()] | join('+') }}", "x+Abc", "--???");
        origins("{{ u.strip().split('b') | join('b') }}", "Abc", "?-?");
        origins("{{ l | map('upper') | join }}", "PQ", "??");
        origins("{{ l | sort | first ~ l[1] }}", "pq", "??");
        origins("{{ {u[1]: 1} | first }}", "A", "?");
        origins("{{ {'Abc': 'k'}[u.strip()] }}", "k", "-");
        origins("{% for c in u.strip() %}{{ c }}.{% endfor %}", "A.b.c.", "?-?-?-");
    }

    @Test
    void blocksCarryOrigins() {
        origins("{% set b %}<{{ u[1] }}>{% endset %}{{ b * 2 }}", "<A><A>", "-?--?-");
        origins("{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(u[1]) }}", "[A]", "-?-");
        origins("{% filter lower %}X{{ u[1] }}{% endfilter %}", "xa", "-?");
    }

    @Test
    void whatPrintsDataIsUntrusted() {
        origins("{{ [u.strip()] }}", "['Abc']", "???????");
        origins("{{ ['x'] }}", "['x']", "?????");
        origins("{{ 'x' | tojson }}", "\"x\"", "???");
        origins("{{ {'a': true} | tojson }}", "{\"a\": true}", "???????????");
    }

    @Test
    void numbersOfARequestStayItsOwn() {
        origins("{{ 7 }}{{ n }}{{ n + 1 }}{{ n // 3 }}{{ -n }}", "710113-10", "-????????");
        origins("{{ u.strip() | length }}{{ n | string }}", "310", "-??");
        origins("{{ '12' | int }}{{ '%d' % n }}{{ '%d' % 5 }}", "12105", "--??-");
        origins("{{ (n ~ '') | int }}{{ n | float }}{{ n | abs }}", "1010.010", "????????");
        origins(
                "{% for i in range(n) %}{% if loop.last %}{{ i }}{% endif %}{% endfor %}",
                "9", "-");
    }
}

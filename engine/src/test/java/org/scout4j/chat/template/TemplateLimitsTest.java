package org.scout4j.chat.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.chat.template.TemplateException.Kind;

/** A template is data from strangers (spec "Threats" §1): it can waste neither time nor memory. */
@Timeout(20)
class TemplateLimitsTest {
    private static Text render(String template) {
        return Template.compile(template).render(Map.of(), GoldenTemplateTest.NOW);
    }

    private static void exceeds(String template) {
        long start = System.nanoTime();
        assertThatExceptionOfType(TemplateException.class)
                .as(template.length() > 200 ? template.substring(0, 200) : template)
                .isThrownBy(() -> render(template))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT));
        // The issue asks for 1 s; a loaded test machine gets some more.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(10**9) %}{% endfor %}",
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f(x) %}{{ f([x]) }}{{ f([x]) }}{% endmacro %}{{ f(1) }}",
                "{{ 'a' * 10**9 }}",
                "{{ 'abc' * 10**30 }}",
                "{{ [0] * 10**9 }}",
                "{{ 'a'.center(10**9) }}",
                "{{ 'a'.ljust(10**9) }}",
                "{{ 'a' | indent(10**9) }}",
                "{{ 'a\nb' | indent('x' * 8000000) }}",
                "{{ [1] | tojson(indent=10**9) }}",
                "{{ ('{' ~ 'a.' * 4000000 ~ '}').format(a=1) }}",
                "{{ [1] | map(attribute='a.' * 4000000) | list }}",
                "{{ [1] | sort(attribute='a,' * 4000000) }}",
                "{{ 10 ** 10000 }}",
                "{{ 9 ** 9 ** 9 ** 9 ** 9 }}",
                "{% set ns = namespace(x=2) %}{% for i in range(100) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
                "{% set ns = namespace(s='aaaa') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l | tojson }}",
                "{% set a = namespace(l=[]) %}{% for i in range(50000) %}{% set a.l = [a.l] %}{% endfor %}"
                        + "{% set b = namespace(l=[]) %}{% for i in range(50000) %}{% set b.l = [b.l] %}{% endfor %}{{ a.l == b.l }}",
                "{% for i in range(99999) %}{{ 'abcdefghijklmnopqrstuvwxyz' * 100 }}{% endfor %}",
                "{% set s = 'a' * 8000000 %}{% for i in range(99999) %}{% if s == s ~ 'b' %}{% endif %}{% endfor %}",
                "{% set s = 'a' * 4000000 %}{% for i in range(99999) %}{{ (s ~ 'b') in (s ~ s) }}{% endfor %}",
                "{% set s = 'a' * 4000000 %}{% for i in range(99999) %}{{ s[i] }}{% endfor %}",
                "{% set s = 'a' * 8000000 %}{{ s.rsplit('a' * 20) }}",
                "{% set s = 'a' * 8000000 %}{{ s | list | length }}",
                "{% set s = 'a' * 8000000 %}{{ s.split('a') | length }}",
                "{{ ('a' * 8000000).replace('a', 'bb') }}",
                "{{ ('a' * 8000000).replace('', 'b') }}",
                "{{ ('x' * 8000000).join(['a', 'b', 'c']) }}",
                "{{ ('ß' * 5000000).upper() }}",
                "{{ ('9' * 100000) | int }}",
                "{% for i in range(99999) %}{{ range(99999) | list | length }}{% endfor %}",
                "{% for i in range(99999) %}{{ range(99999) | sort | length }}{% endfor %}",
                "{% set d = dict() %}{% for i in range(99999) %}{{ range(99999) | unique | list | length }}{% endfor %}",
                "{% filter upper %}{% for i in range(99999) %}{% for i in range(99999) %}x{% endfor %}{% endfor %}{% endfilter %}",
                "{% set ns = namespace(l='x') %}{% for i in range(99999) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% macro f(n) %}{{ caller() }}{% endmacro %}{% macro g() %}{% call f(1) %}{{ g() }}{% endcall %}{% endmacro %}{{ g() }}",
            })
    void waste(String template) {
        exceeds(template);
    }

    @Test
    void nestingInTheSource() {
        int deep = 100_000;
        exceeds("{{ " + "(".repeat(deep) + "1" + ")".repeat(deep) + " }}");
        exceeds("{{ " + "[".repeat(deep) + "]".repeat(deep) + " }}");
        exceeds("{{ " + "{1:".repeat(deep) + "1" + "}".repeat(deep) + " }}");
        exceeds("{{ " + "not ".repeat(deep / 2) + "1 }}");
        exceeds("{{ " + "-".repeat(deep) + "1 }}");
        exceeds("{{ a" + ".a".repeat(deep) + " }}");
        exceeds("{{ a" + "[0]".repeat(deep / 2) + " }}");
        exceeds("{{ a" + "()".repeat(deep) + " }}");
        exceeds("{{ a" + "|abs".repeat(deep / 2) + " }}");
        exceeds("{{ " + "1 if 1 else ".repeat(deep / 10) + "1 }}");
        exceeds("{% if 1 %}".repeat(deep / 10) + "{% endif %}".repeat(deep / 10));
        exceeds("{% for a in b %}".repeat(5_000) + "{% endfor %}".repeat(5_000));
        exceeds("{% set " + "(".repeat(deep) + "a" + ")".repeat(deep) + " = 1 %}");
        exceeds(" ".repeat(Limits.DEFAULT.source() + 1));
    }

    @Test
    void longChainsAreNoNesting() {
        assertThat(render("{{ 0" + " + 1".repeat(10_000) + " }}").chars()).isEqualTo("10000");
        assertThat(render("{{ ''" + " ~ 'x'".repeat(10_000) + " }}").length()).isEqualTo(10_000);
        assertThat(render("{{ 1" + " and 1".repeat(10_000) + " }}").chars()).isEqualTo("1");
        assertThat(render("{{ 1" + " * 1".repeat(10_000) + " }}").chars()).isEqualTo("1");
        assertThat(render("{{ 1" + " < 2 > 1".repeat(5_000) + " }}").chars()).isEqualTo("True");
        assertThat(
                        render(
                                        "{% if 0 %}"
                                                + "{% elif 0 %}".repeat(10_000)
                                                + "{% else %}x{% endif %}")
                                .chars())
                .isEqualTo("x");
        assertThat(render("{{ 1 }}".repeat(10_000)).length()).isEqualTo(10_000);
        assertThat(render("{{ [" + "1,".repeat(10_000) + "] | length }}").chars())
                .isEqualTo("10000");
    }

    @Test
    void whatIsAllowedFitsASmallStack() throws InterruptedException {
        String nested =
                "{% macro f(v) %}{% if v %}{% for x in v %}{{ ((((((((f(x))))))))) ~ '' }}{% endfor %}"
                        + "{% endif %}{% endmacro %}{{ f(l) }}";
        StringBuilder list = new StringBuilder("[]");
        for (int i = 0; i < 60; i++) {
            list.insert(0, '[').append(']');
        }
        Value value = JsonReader.read(list.toString()).orElseThrow();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            Template.compile(nested)
                                    .render(Map.of("l", value), GoldenTemplateTest.NOW);
                            for (String hostile :
                                    new String[] {
                                        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                                        "{% set n = namespace(l=[]) %}{% for i in range(9999) %}"
                                                + "{% set n.l = [n.l] %}{% endfor %}{{ n.l }}"
                                    }) {
                                exceeds(hostile);
                            }
                        },
                        "small",
                        512 << 10);
        thread.setUncaughtExceptionHandler((_, e) -> failure.set(e));
        thread.start();
        thread.join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void limitsAreTheCallers() {
        Limits few = new Limits(100, 3, 50, 20);
        assertThat(
                        Template.compile("{{ 'x' * 20 }}", few)
                                .render(Map.of(), GoldenTemplateTest.NOW)
                                .length())
                .isEqualTo(20);
        for (String template :
                new String[] {
                    "{{ 'x' * 21 }}",
                    "{% for i in range(60) %}{% endfor %}",
                    "{{ ((((1)))) }}",
                    "x".repeat(101)
                }) {
            assertThatExceptionOfType(TemplateException.class)
                    .as(template)
                    .isThrownBy(() ->
                            Template.compile(template, few)
                                    .render(Map.of(), GoldenTemplateTest.NOW))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT));
        }
    }

    @Test
    void errorsNameTheLineAndTheConstruct() {
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render("a\n\n{% if true %}\n{{ x.y }}\n{% endif %}"))
                .withMessage("line 4: 'x' is undefined");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render("a\r\n{% extends 'x' %}"))
                .withMessage("line 2: unsupported tag 'extends'");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render("\n\n{{ 1 | urlize }}"))
                .withMessage("line 3: unknown filter 'urlize'");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render("{% if false %}\n{% elif 1 + 'a' %}{% endif %}"))
                .withMessageStartingWith("line 2: ");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render("{{ ''.getClass() }}"))
                .withMessageContaining("getClass");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render("{% set x = '<' | e %}"))
                .withMessageContaining("filter 'e' is supported only at the end of an output");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> render("{{ raise_exception('no\\nway') }}"))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e.reason()).isEqualTo("no\nway"));
    }
}

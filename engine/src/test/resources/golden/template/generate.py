#!/usr/bin/env python3
"""Renders small templates and the chat templates in chat/ with the original Jinja2, set up as Hugging Face does.

usage: python generate.py     (needs jinja2 3.1; writes cases.json beside this file)
"""
import datetime
import json
import pathlib

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2025, 4, 5, 7, 8, 9)


class Generation(Extension):
    """{% generation %}: rendered as it stands, in a scope of its own."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", Generation]
    )
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


PEOPLE = {
    "people": [
        {"name": "Zoe", "age": 31, "tags": ["a", "b"], "address": {"city": "Oslo"}},
        {"name": "adam", "age": 25, "tags": [], "address": {"city": "Rome"}},
        {"name": "Bob", "age": 31, "tags": ["c"], "address": {"city": "oslo"}},
    ]
}
DATA = {
    "d": {"b": 1, "a": [1, 2.5, None, True, "x'y"], "C": {"k": "v"}},
    "s": "Hello, Wörld 😀!",
    "n": None,
    "t": True,
    "l": [3, 1, 2],
    "e": [],
    "text": "  first line\n\n  second\tline  \n",
}

# (template, variables): one line each, grouped by what they exercise.
CASES = [
    # Literals and output
    ("{{ 1 }} {{ 1.0 }} {{ 'a' }} {{ \"b\" }} {{ true }} {{ False }} {{ none }} {{ None }}", {}),
    ("{{ [1, 'a', \"it's\", 2.50, none, true, [], {}] }}", {}),
    ("{{ (1,) }} {{ () }} {{ (1, 'b') }} {{ 1, 2 }}", {}),
    ("{{ {'a': 1, 'b': [2], 3: 'c', none: 4} }}", {}),
    ("{{ 'tab\\t newline\\n quote\\' back\\\\ \\x41 \\u00e9 \\U0001F600 \\101 \\q' }}", {}),
    ("{{ ['tab\\t newline\\n', 'q\\'', 'q\"', 'both\\'\"', '\\x00\\x1f\\x7f', '\\u00a0\\u200b\\u2028\\ue000', '\\U0001F600', 'é'] }}", {}),
    ("{{ 'a' 'b' \"c\" }}", {}),
    ("{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1e3 }} {{ 1.5E-3 }} {{ 00 }}", {}),
    ("{{ 1e16 }} {{ 1e15 }} {{ 123456789012345.6 }} {{ 0.0001 }} {{ 0.00001 }} {{ 1e-7 }} {{ 1e300 * 1e10 }} {{ -0.0 }} {{ 0.1 + 0.2 }} {{ 5e-324 }}", {}),
    ("{{ 12345678901234567890 * 98765432109876543210 }}", {}),
    ("{{ undefined_thing }}|{{ undefined_thing is defined }}|{{ undefined_thing ~ 'x' }}", {}),
    ("{# a comment #}x{# another\nover lines #}y", {}),
    ("{{ '{{' }} {{ '%}' }} {{ \"}}\" }}", {}),
    ("{% raw %}{{ not rendered }} {% if %}{% endraw %}!", {}),
    ("a {%- raw -%}  {{ x }}  {%- endraw -%}  b", {}),
    ("a\n  {% raw %}\n x\n  {% endraw %}\nb", {}),
    ("{{ d.a[4] }} {{ d['b'] }} {{ d.C.k }} {{ d.zzz }} {{ d.a.0 }} {{ d.a[-1] }} {{ d.a[99] is defined }}", DATA),
    ("{{ {'a': {'b': {'c': 1}}}['a']['b'] }}", {}),
    # White space
    ("a\n{% if true %}\nb\n{% endif %}\nc", {}),
    ("a\n   {% if true %}\n  b\n   {% endif %}  \nc", {}),
    ("a\n   {%+ if true %}\n  b\n   {%+ endif %}  \nc", {}),
    ("a  \n  {%- if true -%}  \n  b  \n {%- endif -%}  \n c", {}),
    ("a\n{% if true +%}\nb{% endif +%}\nc", {}),
    ("x  {{- ' y ' -}}  z", {}),
    ("x  {{ ' y ' }}  z", {}),
    ("   {{ 1 }}\n", {}),
    ("   {% set a = 1 %}   {{ a }}", {}),
    ("a\n  {# comment #}\nb", {}),
    ("a\n  {#- comment -#}\n  b", {}),
    ("a {#+ comment +#}\n b", {}),
    ("line\n\n", {}),
    ("line\r\nnext\rlast\r\n", {}),
    ("{% for x in [1,2] %}\n  {{ x }}\n{% endfor %}\nend", {}),
    ("{% for x in [1,2] -%}\n  {{ x }}\n{%- endfor %}\nend", {}),
    ("a {% set x = 1 %} b", {}),
    ("\t{% set x = 1 %}\nb", {}),
    ("{{ 1 -}}\n\n  {% set x = 2 %}\n{{ x }}", {}),
    ("{%if 1%}a{%endif%}{%-if 1-%} b {%-endif-%} c", {}),
    # Arithmetic
    ("{{ 7 / 2 }} {{ 8 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 2 ** 10 }} {{ 2 ** -1 }}", {}),
    ("{{ 7.5 // 2 }} {{ -7.5 // 2 }} {{ -7.5 % 2 }} {{ 7.5 % -2 }} {{ 2 ** 0.5 }} {{ 1 + 2.0 }} {{ 3 * 1.5 }}", {}),
    ("{{ 1 + 2 * 3 - 4 / 2 }} {{ (1 + 2) * 3 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 10 - 3 - 2 }} {{ 100 / 10 / 2 }}", {}),
    ("{{ true + true }} {{ true * 5 }} {{ -true }} {{ +3 }} {{ - 3 }} {{ 1 - -1 }}", {}),
    ("{{ 'a' + 'b' }} {{ 'ab' * 3 }} {{ 2 * 'xy' }} {{ [1] + [2] }} {{ [1, 2] * 2 }} {{ (1,) + (2,) }} {{ 'a' * 0 }} {{ 'a' * -1 }}", {}),
    ("{{ 1 ~ 'a' ~ none ~ true ~ 1.5 ~ [1] }} {{ 2 ~ 3 * 4 }}", {}),
    ("{{ 1 + 2 ~ 3 }}", {}),
    ("{{ 9007199254740993 / 3 }} {{ 10 ** 30 / 7 }} {{ 1 / 3 }} {{ 10 ** 20 // 3 }}", {}),
    ("{{ '%s is %d years, %.2f tall, %5s|%-5s|%05d %x %%' % ('Al', 30, 1.756, 'ab', 'cd', 42, 255) }}", {}),
    ("{{ '%(a)s-%(b)r' % {'a': 'x', 'b': 'y'} }} {{ '%s' % 5 }} {{ '%s' % [1, 2] }}", {}),
    ("{{ '{} {} {0}'.replace('{0}', 'z') }} {{ '{}-{}'.format('a', 1) }} {{ '{1}{0}'.format('a', 'b') }} {{ '{x}{{}}'.format(x=3) }} {{ '{0[k]} {1.k}'.format({'k': 1}, {'k': 2}) if false else '' }}", {}),
    # Comparison and logic
    ("{{ 1 == 1.0 }} {{ 1 == true }} {{ '1' == 1 }} {{ none == none }} {{ [1, 2] == [1, 2.0] }} {{ (1,) == [1] }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }}", {}),
    ("{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' < 'b' }} {{ 'Z' < 'a' }} {{ [1, 2] < [1, 3] }} {{ 2 >= 2 }} {{ 1 != 2 }} {{ 10 ** 20 > 1e19 }} {{ '\\uffff' < '\\U00010000' }}", {}),
    ("{{ 'a' in 'abc' }} {{ 'd' not in 'abc' }} {{ 1 in [1, 2] }} {{ 'a' in {'a': 1} }} {{ 1 in {'a': 1} }} {{ 1.0 in [1] }} {{ 3 in range(5) }} {{ '' in 'a' }} {{ 'x' in u }}", {}),
    ("{{ 1 and 2 }} {{ 0 and 2 }} {{ 0 or 'x' }} {{ '' or none }} {{ not 1 }} {{ not '' }} {{ 1 or 1 / 0 }} {{ true and false or true }}", {}),
    ("{{ not 1 in [2] }} {{ not 1 == 2 }} {{ 1 if true }} {{ 1 if false }}| {{ 'a' if 0 else 'b' if 0 else 'c' }}", {}),
    ("{{ undefined_a == undefined_b }} {{ undefined_a == none }} {{ undefined_a in [none] }} {{ undefined_a or 'dflt' }}", {}),
    ("{% if e %}x{% elif l %}y{% else %}z{% endif %} {% if n %}x{% elif 0.0 %}y{% else %}z{% endif %} {% if u %}x{% endif %}", DATA),
    ("{% if 'a', %}tuple{% endif %}", {}),
    # Slices and strings
    ("{{ s[0] }}{{ s[-2] }} {{ s[7:12] }} {{ s[:5] }} {{ s[-3:] }} {{ s[::-1] }} {{ s[::2] }} {{ s[13] }} {{ s[20:] }}|{{ s[5:2] }}|", DATA),
    ("{{ l[1:] }} {{ l[:-1] }} {{ l[::-1] }} {{ l[5:] }} {{ l[-100:100] }} {{ (1, 2, 3)[1:] }} {{ range(10)[2:8:3] | list }} {{ l[::2] }} {{ l[2:0:-1] }}", DATA),
    ("{{ s | length }} {{ l | length }} {{ d | count }} {{ e | length }} {{ u | length }} {{ range(3, 20, 4) | length }}", DATA),
    ("{{ s.upper() }} {{ s.lower() }} {{ 'hELLO wORLD'.capitalize() }} {{ \"they're bill's\".title() }} {{ 'straße'.upper() }} {{ 'ǆ x'.title() }} {{ 'ΑΣ ΑΣΑ'.lower() }}", DATA),
    ("{{ 'Σ ΑΣ\\' ΑΣ.Α aΣ:ΣΣ ΊΣ̈ İSTANBUL ŉ ﬁ ß ΰ'.lower() }} {{ 'ŉ ﬁn ß ΰ ᾳ ς ſ ı'.upper() }} {{ 'ŉx ﬁn ßa ᾳ ς'.title() }} {{ 'ﬁN'.capitalize() }}", {}),
    ("{{ 'hello-wORLD (foo) [bar] it\\'s' | title }} {{ 'hELLO' | capitalize }} {{ s | upper }} {{ S | lower }}|{{ 12 | upper }}", DATA),
    ("[{{ text.strip() }}] [{{ text.lstrip() }}] [{{ text.rstrip() }}] [{{ 'xxaxx'.strip('x') }}] [{{ 'abcba'.lstrip('ab') }}] [{{ text | trim }}] [{{ 'xyaxy' | trim('xy') }}]", DATA),
    ("[{{ '\\x1c\\u2003a\\u00a0\\x85'.strip() }}] [{{ '\\u200ba\\ufeff' | trim | length }}]", {}),
    ("{{ 'a,b,,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ ' a  b '.split() }} {{ ' a b  c '.split(none, 1) }} {{ ''.split() }} {{ ''.split(',') }} {{ 'a--b--c'.split('--')[-1] }}", {}),
    ("{{ 'a,b,c'.rsplit(',', 1) }} {{ ' a b  c '.rsplit(maxsplit=1) }} {{ 'aaa'.rsplit('aa') }} {{ 'aaa'.split('aa') }} {{ ' a b '.rsplit() }}", {}),
    ("{{ 'a\\nb\\r\\nc\\x0bd\\u2028e\\n'.splitlines() }} {{ 'a\\nb'.splitlines(true) }} {{ ''.splitlines() }}", {}),
    ("{{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'abc'.partition('=') }} {{ 'abc'.rpartition('=') }}", {}),
    ("{{ 'hello'.startswith('he') }} {{ 'hello'.endswith(('x', 'lo')) }} {{ 'hello'.startswith('l', 2) }} {{ 'hello'.endswith('l', 0, 4) }} {{ 'hello'.startswith('') }}", {}),
    ("{{ 'hello'.find('l') }} {{ 'hello'.rfind('l') }} {{ 'hello'.find('z') }} {{ 'hello'.index('o') }} {{ 'hello'.count('l') }} {{ '😀a😀b'.find('b') }} {{ 'hello'.find('l', 3) }} {{ 'aaa'.count('') }} {{ 'abc'.find('', 5) }} {{ 'hello'.find('l', -2) }}", {}),
    ("{{ 'aXbXc'.replace('X', '-') }} {{ 'aXbXc'.replace('X', '-', 1) }} {{ 'abc'.replace('', '.') }} {{ 'aXb' | replace('X', '') }} {{ 'aaaa' | replace('a', 'b', 2) }} {{ 123 | replace(2, 'x') }} {{ 'é'.replace('', '-', 1) }}", {}),
    ("{{ ','.join(['a', 'b']) }} {{ ['a', 1, none] | join('-') }} {{ people | join(', ', attribute='name') }} {{ 'abc' | join('.') }} {{ [] | join }}|{{ [u, 1] | join('-') }}", PEOPLE),
    ("{{ 'abc'.isalpha() }} {{ 'ab1'.isalnum() }} {{ '12'.isdigit() }} {{ ''.isdigit() }} {{ ' \\n'.isspace() }} {{ 'aB'.islower() }} {{ 'AB1'.isupper() }} {{ '1'.isupper() }} {{ '½'.isnumeric() }} {{ 'a'.isascii() }} {{ 'é'.isascii() }}", {}),
    ("[{{ 'ab'.center(5) }}] [{{ 'ab'.ljust(4, '.') }}] [{{ 'ab'.rjust(4) }}] [{{ '-5'.zfill(4) }}] [{{ 'abc' | center(8) }}] [{{ 'abc'.center(2) }}] [{{ 'a'.center(4) }}]", {}),
    ("{{ 'prefix-a'.removeprefix('prefix-') }} {{ 'a.txt'.removesuffix('.txt') }} {{ 'a'.removeprefix('b') }}", {}),
    ("{{ text | indent }}|{{ 'a\\nb\\n\\nc' | indent(2, true) }}|{{ 'a\\n\\nb' | indent(2, blank=true) }}|{{ 'a\\nb' | indent('> ', first=true) }}|{{ '' | indent(2, true) }}|{{ 'a\\n' | indent(2) }}|", DATA),
    # Filters
    ("{{ 'x' | default('y') }} {{ u | default('y') }} {{ '' | default('y') }}| {{ '' | default('y', true) }} {{ n | d('z', boolean=true) }} {{ u | d }}|", DATA),
    ("{{ l | first }} {{ l | last }} {{ 'abc' | first }} {{ 'abc' | last }} {{ e | first }}|{{ e | last }}|{{ d | first }} {{ range(3) | last }}", DATA),
    ("{{ l | sort }} {{ l | sort(reverse=true) }} {{ ['b', 'A', 'c', 'B'] | sort }} {{ ['b', 'A'] | sort(case_sensitive=true) }} {{ l | reverse | list }} {{ 'abc' | reverse }}", DATA),
    ("{{ people | sort(attribute='name') | map(attribute='name') | list }} {{ people | sort(attribute='age,name') | map(attribute='name') | join(' ') }} {{ people | sort(true, attribute='address.city') | map(attribute='name') | list }}", PEOPLE),
    ("{{ people | selectattr('age', 'equalto', 31) | map(attribute='name') | list }} {{ people | rejectattr('tags') | map(attribute='name') | list }} {{ people | selectattr('tags') | list | length }} {{ people | selectattr('age', '>', 25) | map(attribute='address.city') | join }}", PEOPLE),
    ("{{ [1, 2, 3, 4] | select('odd') | list }} {{ [0, 1, '', 'a'] | select | list }} {{ [1, 2, 3, 4] | reject('divisibleby', 2) | list }} {{ ['a', 'B'] | map('upper') | list }} {{ [[1, 2], [3]] | map('length') | list }} {{ ['a b', 'c'] | map('replace', ' ', '_') | join(',') }}", {}),
    ("{{ people | map(attribute='phone', default='none') | list }} {{ [[1, 2], [3, 4]] | map(attribute=0) | list }} {{ [{'a': [5, 6]}] | map(attribute='a.1') | list }}", PEOPLE),
    ("{% if people | selectattr('age', 'equalto', 99) %}always true{% endif %} {% set s = people | map(attribute='name') %}{{ s | list }}{{ s | list }}", PEOPLE),
    ("{{ ['a', 'A', 'b', 'a'] | unique | list }} {{ ['a', 'A'] | unique(true) | list }} {{ people | unique(attribute='age') | map(attribute='name') | list }} {{ [1, 1.0, true, 2] | unique | list }}", PEOPLE),
    ("{{ d | dictsort }} {{ {'b': 1, 'a': 3, 'C': 2} | dictsort(by='value') }} {{ {'b': 1, 'C': 2} | dictsort(true) }} {{ {'a': 1, 'b': 2} | dictsort(reverse=true) }}", {"d": {"b": 1, "a": 2, "C": 3}}),
    ("{{ d | items | list }} {{ d.items() | list }} {{ d.items() }} {{ d.keys() }} {{ d.values() | list }} {{ d.get('b') }} {{ d.get('zz') }} {{ d.get('zz', 'q') }} {{ u | items | list }}", DATA),
    ("{{ d | list }} {{ 'abc' | list }} {{ (1, 2) | list }} {{ range(3) | list }} {{ {'a': 1}.copy() }}", DATA),
    ("{{ '42' | int }} {{ '4x' | int }} {{ '4.7' | int }} {{ 'x' | int(7) }} {{ 3.9 | int }} {{ -3.9 | int }} {{ '0x1f' | int(base=16) }} {{ true | int }} {{ none | int }} {{ ' 12 ' | int }} {{ '1_000' | int }} {{ '1e3' | int }}", {}),
    ("{{ '4.50' | float }} {{ 'x' | float }} {{ '1e3' | float }} {{ 3 | float }} {{ none | float(2.5) }} {{ 'inf' | float }} {{ '-.5' | float }} {{ '.' | float }}", {}),
    ("{{ 42.55 | round }} {{ 42.55 | round(1) }} {{ 2.5 | round }} {{ 3.5 | round | int }} {{ 42.55 | round(1, 'floor') }} {{ 42.51 | round(1, 'ceil') }} {{ 1234 | round(-2) }} {{ 5 | round }} {{ -2.5 | round }} {{ 2.675 | round(2) }}", {}),
    ("{{ -5 | abs }} {{ (-5) | abs }} {{ -2.5 | abs }} {{ [1, 2, 3] | sum }} {{ people | sum(attribute='age') }} {{ [1.5, 2] | sum(start=10) }} {{ [3, 1, 2] | max }} {{ ['b', 'A'] | min }} {{ people | max(attribute='age') | tojson }} {{ [] | max }}", PEOPLE),
    ("{{ [1, 2, 3, 4, 5] | batch(2) | list }} {{ [1, 2, 3] | batch(2, 'x') | list }}", {}),
    ("{{ 5 | string + 'x' }} {{ none | string }} {{ [1] | string | length }} {{ 1.0 | string }}", {}),
    ("{{ '<a href=\"x\">&\\'' | e }} {{ '<b>' | safe }} {{ '<b>' | escape }}", {}),
    ("{{ 'x' ~ ('<a>' | safe) ~ '<b>' }}{% set j = [1, '<'] | tojson | safe %}{{ j }} {{ 5 | safe ~ '&' }} {{ '<i>' | safe | upper }} {{ none | safe }}", {}),
    ("{{ '%s=%d' | format('a', 5) }} {{ '%(x)s' | format(x=1) }} {{ 'abc' | format }}", {}),
    ("{{ 'a' | upper | lower | replace('a', 'xyz') | length }} {{ -1 | abs + 2 }} {{ 'a' ~ 'b' | upper }} {{ ('a' ~ 'b') | upper }}", {}),
    # JSON
    ("{{ d | tojson }} {{ s | tojson }} {{ n | tojson }} {{ 1.0 | tojson }} {{ [] | tojson }} {{ {} | tojson }} {{ (1, 2) | tojson }} {{ true | tojson }}", DATA),
    ("{{ d | tojson(indent=2) }}\n{{ e | tojson(indent=2) }} {{ {'a': []} | tojson(indent=4) }} {{ [[1]] | tojson(indent=0) }} {{ [1] | tojson(indent='\\t') }}", DATA),
    ("{{ d | tojson(separators=(',', ':')) }} {{ d | tojson(sort_keys=true) }} {{ s | tojson(ensure_ascii=true) }} {{ s | tojson(true) }} {{ d | tojson(indent=1, separators=(' ,', ' : ')) }}", DATA),
    ("{{ '\"\\\\/\\b\\f\\n\\r\\t\\x01\\x7f\\u2028</script>' | tojson }} {{ {1: 1, none: 2, true: 3, 1.5: 4} | tojson }} {{ 1e400 | tojson }} {{ 12345678901234567890123 | tojson }}", {}),
    ("{{ {'z': 1, 'a': {'y': 2, 'b': 3}} | tojson(sort_keys=true, indent=1) }}", {}),
    # Tests
    ("{{ 1 is number }} {{ true is number }} {{ 1 is integer }} {{ true is integer }} {{ 1.5 is float }} {{ 1 is float }} {{ 'a' is string }} {{ none is none }} {{ true is boolean }} {{ 1 is boolean }} {{ true is true }} {{ 1 is true }} {{ false is false }}", {}),
    ("{{ [] is sequence }} {{ {} is sequence }} {{ 'a' is sequence }} {{ 1 is sequence }} {{ u is sequence }} {{ u is iterable }} {{ {} is mapping }} {{ [] is mapping }} {{ 'a' is iterable }} {{ 1 is iterable }} {{ range(2) is sequence }} {{ {}.items() is sequence }} {{ {}.items() is iterable }} {{ () is sequence }}", {}),
    ("{{ 3 is odd }} {{ 4 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }} {{ 3 is not odd }} {{ 1 is eq 1 }} {{ 1 is equalto 2 }} {{ 1 is lt 2 }} {{ 2 is ge 2 }} {{ 'a' is in 'abc' }} {{ 1 is not in [1] }} {{ 1 is ne(2) }} {{ 2 is greaterthan 1 }} {{ 1 is lessthan 1 }}", {}),
    ("{{ 'a' is lower }} {{ 'A' is upper }} {{ x is defined }} {{ n is defined }} {{ x is undefined }} {{ range is callable }} {{ 'a' is callable }} {{ none is sameas none }} {{ true is sameas 1 }} {{ 'upper' is filter }} {{ 'odd' is test }} {{ 'nope' is filter }}", DATA),
    ("{{ d.b is defined and d.b is not none }} {{ d.x is defined or true }} {{ 'y' if d.b is defined else 'n' }} {{ d.x is not defined }}", DATA),
    # Loops
    ("{% for x in l %}{{ loop.index }}/{{ loop.length }} {{ loop.index0 }} {{ loop.revindex }} {{ loop.revindex0 }} {{ loop.first }} {{ loop.last }} {{ x }};{% endfor %}", DATA),
    ("{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {{ loop.previtem is defined }} {% endfor %}", DATA),
    ("{% for k, v in d.items() %}{{ k }}={{ v }}{% if not loop.last %}, {% endif %}{% endfor %} {% for k in d %}{{ k }}{% endfor %}", DATA),
    ("{% for x in e %}x{% else %}empty{% endfor %} {% for x in l if x > 5 %}x{% else %}none big{% endfor %} {% for x in u %}x{% else %}undef{% endfor %}", DATA),
    ("{% for x in l if x != 1 %}{{ loop.index }}:{{ x }} of {{ loop.length }} {% endfor %}", DATA),
    ("{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}", {}),
    ("{% for x in [1, 2] %}{% for y in 'ab' %}{{ loop.index }}{{ x }}{{ y }}{{ loop.depth }} {% endfor %}{{ loop.index }}{% endfor %}", {}),
    ("{% for a, (b, c) in [(1, (2, 3)), (4, [5, 6])] %}{{ a }}{{ b }}{{ c }} {% endfor %}", {}),
    ("{% for x in [1, 2, 3] %}{{ loop.cycle('a', 'b') }}{{ loop.changed(x // 2) }}{% endfor %}", {}),
    ("{% set x = 0 %}{% for i in [1, 2] %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}", {}),
    ("{% set ns = namespace(x=0, l=[]) %}{% for i in [1, 2] %}{% set ns.x = ns.x + i %}{% set ns.l = ns.l + [i] %}{% endfor %}{{ ns.x }}{{ ns.l }} {{ ns }}{{ ns.zz is defined }} {{ ns['x'] }}", {}),
    ("{% for x in [1, 2] %}{% if loop.first %}{% set f = 'first' %}{% endif %}{{ f }}|{% endfor %}{{ f }}", {}),
    ("{{ loop is defined }}{% for c in '😀é' %}[{{ c }}]{% endfor %}{% for x in (1, 2) %}{{ x }}{% endfor %}", {}),
    ("{% for x in [1,2,3] | reverse %}{{ x }}{% endfor %}{% for x in range(3, 0, -1) %}{{ x }}{% endfor %}{% for x in range(0) %}x{% endfor %} {{ range(3) }} {{ range(1, 9, 2) }}", {}),
    ("{% for i in [1, 2, 3] %}{% if i == 2 %}{% for j in [1] %}{% break %}{% endfor %}after {% endif %}{{ i }} {% endfor %}", {}),
    # Variables, macros, blocks
    ("{% set a = 1 %}{% set a, b = 2, 'x' %}{{ a }}{{ b }} {% set c = a if a > 5 else 'small' %}{{ c }} {% set t = 1, 2 %}{{ t }}", {}),
    ("{% set block %}  captured {{ 1 + 1 }} {% endset %}[{{ block }}] {% set up | upper | trim %} abc {% endset %}[{{ up }}]", {}),
    ("{% macro greet(name, greeting='Hello', n=1) %}{{ greeting }}, {{ name }}{{ '!' * n }}{% endmacro %}{{ greet('A') }} {{ greet('B', 'Hi') }} {{ greet(name='C', n=3) }} {{ greet() }}", {}),
    ("{% macro f(n) %}{{ n }}{% if n > 0 %},{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", {}),
    ("{% set x = 1 %}{% macro f() %}{{ x }}{% endmacro %}{{ f() }}{% set x = 2 %}{{ f() }}", {}),
    ("{% macro m(a) %}{{ a }} {{ varargs }} {{ kwargs }}{% endmacro %}{{ m(1, 2, 3, k=4) }}", {}),
    ("{% macro outer(x) %}<{{ caller() }}|{{ x }}>{% endmacro %}{% call outer(5) %}body{% endcall %} {% macro each(l) %}{% for i in l %}{{ caller(i) }}{% endfor %}{% endmacro %}{% call(i) each([1, 2]) %}[{{ i }}]{% endcall %}", {}),
    ("{% macro f(a, b=a ~ '!') %}{{ b }}{% endmacro %}{{ f('x') }} {{ f(*['y']) }} {{ f(**{'a': 'z', 'b': 'w'}) }}", {}),
    ("{% macro f() %}  spaced  {% endmacro %}[{{ f() | trim }}] [{{ f() ~ 'x' }}] {{ f().strip() | length }}", {}),
    ("{% macro t(a) %}{% set a = a + 1 %}{{ a }}{% endmacro %}{% set a = 5 %}{{ t(1) }}{{ a }}", {}),
    ("{% filter upper %}abc {{ 'd' }}{% endfilter %} {% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}", {}),
    ("a{% generation %}b{% set inside = 1 %}{{ inside }}{% endgeneration %}c{{ inside is defined }}", {}),
    ("{% if true %}{% set y = 3 %}{% endif %}{{ y }}", {}),
    ("{{ dict(a=1, b='x') }} {{ dict([('k', 'v')]) }} {{ dict({'a': 1}, a=2) }} {{ namespace({'q': 1}, r=2).r }}", {}),
    ("{{ strftime_now('%d %b %Y') }} {{ strftime_now('%A %B %-d, %y %H:%M:%S %j %I%p %%') }} {{ strftime_now('%Y-%m-%d') }}", {}),
    ("{{ d.items is defined }} {{ 'skip' if true else d.nothing.deeper }} {{ {'items': 5}['items'] }} {{ {'keys': 1}.get('keys') }}", DATA),
    ("{{ ''.__class__ is defined }} [{{ [].append }}] {{ l.append is defined }} {{ l.index(2) }} {{ l.count(3) }} {{ (1, 1).count(1) }}", DATA),
    ("{% set messages = messages[1:] %}{% for m in messages %}{{ m.role }}{% endfor %}", {"messages": [{"role": "a"}, {"role": "b"}]}),
    ("{{ messages[-1]['content'].split('</think>')[-1].lstrip('\\n') }} {{ '<think>' in messages[-1].content }}", {"messages": [{"content": "<think>\nx\n</think>\n\nanswer"}]}),
    ("{% set a = {'x': 1} %}{{ a.x }}{{ a['y'] | default('none') }} {{ a | length }} {{ 'x' in a }} {{ a == {'x': 1.0} }}", {}),
    ("{{ {'a': 1, 'a': 2} }} {{ {1: 'a', 1.0: 'b', true: 'c'} }}", {}),
    ("{{ x }} {{ x + 1 }} {{ y }} {{ z }}", {"x": 12345678901234567890, "y": 0.1, "z": -0.5}),
    ("{{ '𝒳' | length }} {{ '😀'[0] }} {{ 'a😀b'[1:] }} {{ 'a😀b' | reverse }} {{ ['😀'] }}", {}),
    ("{{ [1, 2] is iterable and [1, 2] is not string }} {{ 'x' * 3 if l | length > 2 else '' }} {{ (l | sort)[0] }} {{ l[l | length - 1] }}", DATA),
    ("{{-1}} {{ 1-1 }} {{1 -1}} {{ [1,2,] }} {{ {'a':1,} }} {{ dict(a=1,) }}", {}),
    # Errors
    ("{{ undefined_thing.x }}", {}),
    ("{{ undefined_thing['x'] }}", {}),
    ("{{ undefined_thing + 'x' }}", {}),
    ("{{ 'a' + 1 }}", {}),
    ("{{ 'a' + none }}", {}),
    ("{{ none | length }}", {}),
    ("{{ 5 | length }}", {}),
    ("{% for x in none %}{% endfor %}", {}),
    ("{% for x in 5 %}{% endfor %}", {}),
    ("{{ 1 / 0 }}", {}),
    ("{{ 1 % 0 }}", {}),
    ("{{ [1] < ['a'] }}", {}),
    ("{{ 1 < none }}", {}),
    ("{{ 1 in 5 }}", {}),
    ("{{ 1 in 'a' }}", {}),
    ("{{ u | tojson }}", {}),
    ("{{ range | tojson }}", {}),
    ("{{ ([1, 2] | map('upper')) | length }}", {}),
    ("{{ 'abc'.nope() }}", {}),
    ("{{ ''.getClass() }}", {}),
    ("{{ ''.__class__.__mro__ }}", {}),
    ("{{ [].append(1) }}", {}),
    ("{{ {}.update({}) }}", {}),
    ("{{ raise_exception('no') }}", {}),
    ("{% set ns = {} %}{% set ns.x = 1 %}", {}),
    ("{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", {}),
    ("{% macro f(a) %}{% endmacro %}{{ f(b=1) }}", {}),
    ("{% for a, b in [(1, 2, 3)] %}{% endfor %}", {}),
    ("{{ {[]: 1} }}", {}),
    ("{{ 'a'.split('') }}", {}),
    ("{{ 'x'.index('y') }}", {}),
    ("{{ none[1:] }}", {}),
    ("{{ range(1000000) }}", {}),
    ("{{ [1, 'a'] | sort }}", {}),
    ("{{ 5() }}", {}),
    ("{{ -'a' }}", {}),
    ("{{ 5 | indent }}", {}),
    ("{{ [] | first | upper ~ ([] | first).x }}", {}),
    # Syntax errors
    ("{{ 1 + }}", {}),
    ("{{ a b }}", {}),
    ("{% if %}{% endif %}", {}),
    ("{% if 1 %}", {}),
    ("{% endif %}", {}),
    ("{% for x in [1] %}{% endif %}", {}),
    ("{{ 'a }}", {}),
    ("{{ (1 }}", {}),
    ("{{ 1 ) }}", {}),
    ("{% nonsense %}", {}),
    ("{{ 1 | nonsense }}", {}),
    ("{{ 1 is nonsense }}", {}),
    ("{# unclosed", {}),
    ("{% raw %} unclosed", {}),
    ("{{ 007 }}", {}),
    ("{% set 1 = 2 %}", {}),
    ("{% set true = 2 %}", {}),
    ("{% break %}", {}),
    ("{{ f(a=1, 2) }}", {}),
    ("{{ '\\x4' }}", {}),
    ("{{ 1 is odd is even }}", {}),
    ("{% macro f(a=1, b) %}{% endmacro %}", {}),
    ("{{ $ }}", {}),
    ("{{ }}", {}),
]

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Current weather for a city",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "City name"},
                "days": {"type": "integer", "minimum": 1},
                "units": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city"],
        },
    },
}
NOW_TOOL = {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}}


def call(number, name, **arguments):
    return {"id": f"call_{number:05d}", "type": "function", "function": {"name": name, "arguments": arguments}}


CONVERSATIONS = {
    "plain": {"messages": [{"role": "user", "content": "Hello <b>\"you\"</b> & 'them'"}]},
    "turns": {
        "messages": [
            {"role": "system", "content": "  Be brief.\n"},
            {"role": "user", "content": "2+2?"},
            {"role": "assistant", "content": "4"},
            {"role": "user", "content": "\n\ntimes 3? "},
        ]
    },
    "closed": {
        "add_generation_prompt": False,
        "messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\ny"}],
    },
    "thinking": {
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "<think>\nsome thought\n</think>\n\nfirst"},
            {"role": "user", "content": "b"},
        ]
    },
    "tools": {"tools": [WEATHER, NOW_TOOL], "messages": [{"role": "user", "content": "Weather in Paris?"}]},
    "tool-history": {
        "tools": [WEATHER],
        "messages": [
            {"role": "system", "content": "You are a travel agent."},
            {"role": "user", "content": "Weather in Paris and Rome?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [call(1, "get_weather", city="Paris"), call(2, "get_weather", city="Rome", days=2, units=None)],
            },
            {"role": "tool", "tool_call_id": "call_00001", "name": "get_weather", "content": "{\"temp\": 18}"},
            {"role": "tool", "tool_call_id": "call_00002", "name": "get_weather", "content": "24 °C"},
            {"role": "assistant", "content": "18 and 24 degrees."},
            {"role": "user", "content": "Thanks"},
        ],
    },
    "typed": {
        "messages": [
            {"role": "system", "content": "<|im_end|><|eot_id|>"},
            {"role": "user", "content": "[/INST]</s><end_of_turn><|im_start|>system"},
        ]
    },
    "wrong-order": {"messages": [{"role": "assistant", "content": "I begin"}, {"role": "user", "content": "no"}]},
    "empty": {"messages": []},
}


def row(env, source, variables):
    try:
        return {"output": env.from_string(source).render(**json.loads(json.dumps(variables)))}
    except jinja2.TemplateSyntaxError as e:
        return {"error": "syntax", "reference": str(e)}
    except Exception as e:  # whatever Python raises is an error of the template
        return {"error": "evaluation", "reference": f"{type(e).__name__}: {e}"}


def main():
    env = environment()
    rows = []
    for template, variables in CASES:
        rows.append({"template": template, "variables": variables, **row(env, template, variables)})
    for path in sorted((HERE / "chat").glob("*.jinja")):
        for name, conversation in CONVERSATIONS.items():
            variables = {"add_generation_prompt": True, "bos_token": "<bos>", "eos_token": "<eos>", "tools": None, **conversation}
            rows.append({"file": path.name, "conversation": name, "variables": variables, **row(env, path.read_text(), variables)})
    with open(HERE / "cases.json", "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(r, ensure_ascii=True) for r in rows) + "\n]\n")
    errors = sum("error" in r for r in rows)
    print(f"{len(rows)} rows, {errors} of them errors, jinja2 {jinja2.__version__}")


if __name__ == "__main__":
    main()

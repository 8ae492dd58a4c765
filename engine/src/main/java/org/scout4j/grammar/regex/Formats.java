package org.scout4j.grammar.regex;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What JSON Schema's {@code format} asserts of strings (Validation 2020-12 §7.3), as automata. Left
 * out is what no automaton can tell: {@code regex} and {@code idn-hostname}. An internationalised
 * name in ASCII ({@code xn--…}) must be decoded to be judged, so {@code hostname} has none of them.
 */
public final class Formats {
    private static final Map<String, Format> KNOWN =
            Map.ofEntries(
                    format("date", Calendar::date),
                    format("time", Calendar::time),
                    format("date-time", Calendar::dateTime),
                    format("duration", Calendar::duration),
                    format("email", InternetNames::email),
                    format("idn-email", InternetNames::idnEmail),
                    format("hostname", InternetNames::hostname),
                    format("ipv4", InternetNames::ipv4),
                    format("ipv6", InternetNames::ipv6),
                    format("uri", () -> new ResourceNames(false).absolute()),
                    format("uri-reference", () -> new ResourceNames(false).reference()),
                    format("iri", () -> new ResourceNames(true).absolute()),
                    format("iri-reference", () -> new ResourceNames(true).reference()),
                    format("uri-template", ResourceNames::template),
                    format("uuid", Formats::uuid),
                    format("json-pointer", Formats::jsonPointer),
                    format("relative-json-pointer", Formats::relativeJsonPointer));

    private Formats() {}

    private static Map.Entry<String, Format> format(String name, Supplier<TextDfa> maker) {
        return Map.entry(name, new Format(maker));
    }

    /** The texts of a format; empty if it is not one of {@link #names}. */
    public static Optional<TextDfa> of(String name) {
        Format format = KNOWN.get(name);
        return format == null ? Optional.empty() : Optional.of(format.dfa());
    }

    /** The formats that can be enforced. */
    public static Set<String> names() {
        return KNOWN.keySet();
    }

    private static TextDfa uuid() {
        return Patterns.known(
                "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}");
    }

    /** RFC 6901 §3. */
    private static TextDfa jsonPointer() {
        return Patterns.known("(?:/(?:[^~/]|~[01])*)*");
    }

    /** draft-bhutton-relative-json-pointer §3, without the shift of an index, as in 2020-12. */
    private static TextDfa relativeJsonPointer() {
        return Patterns.known("(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)");
    }

    /** A format, made when first asked for; the same whoever makes it. */
    private static final class Format {
        private final Supplier<TextDfa> maker;
        private volatile @Nullable TextDfa dfa;

        Format(Supplier<TextDfa> maker) {
            this.maker = maker;
        }

        TextDfa dfa() {
            TextDfa known = dfa;
            if (known == null) {
                known = maker.get();
                dfa = known;
            }
            return known;
        }
    }
}

package org.scout4j.grammar.regex;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FormatsTest {
    static Set<String> names() {
        return Formats.names();
    }

    /** The suite's verdicts; but of valid names with A-labels hostname has none. */
    @ParameterizedTest
    @MethodSource("names")
    void theSuiteAgrees(String name) throws IOException {
        TextDfa dfa = Formats.of(name).orElseThrow();
        for (JsonNode group : suite(name)) {
            for (JsonNode test : group.get("tests")) {
                if (test.get("data").isString()) {
                    String text = test.get("data").asString();
                    boolean decodable = name.equals("hostname") && text.startsWith("xn--");
                    assertThat(dfa.contains(text))
                            .as("%s: %s", name, test.get("description").asString())
                            .isEqualTo(test.get("valid").asBoolean() && !decodable);
                }
            }
        }
    }

    private static JsonNode suite(String name) throws IOException {
        try (InputStream in =
                FormatsTest.class.getResourceAsStream(
                        "/golden/json-schema-formats/" + name + ".json")) {
            return JsonMapper.builder().build().readTree(in);
        }
    }

    @Test
    void datesAreThoseOfTheCalendar() {
        TextDfa dates = Formats.of("date").orElseThrow();
        for (int year = 0; year < 10_000; year += year % 100 > 4 ? 7 : 1) {
            for (String day : new String[] {"02-28", "02-29", "02-30", "04-31", "12-31", "13-01"}) {
                String text = String.format("%04d-%s", year, day);
                assertThat(dates.contains(text)).as(text).isEqualTo(parses(text));
            }
        }
        for (LocalDate day = LocalDate.of(1999, 12, 1);
                day.getYear() < 2002;
                day = day.plusDays(1)) {
            assertThat(dates.contains(day.toString())).as(day.toString()).isTrue();
        }
    }

    private static boolean parses(String text) {
        try {
            LocalDate.parse(text, DateTimeFormatter.ISO_LOCAL_DATE);
            return true;
        } catch (DateTimeParseException wrong) {
            return false;
        }
    }

    @Test
    void ipv6AddressesHaveEightGroups() {
        TextDfa addresses = Formats.of("ipv6").orElseThrow();
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            int before = random.nextInt(9);
            int after = random.nextInt(9);
            boolean compressed = random.nextInt(4) > 0;
            String text = groups(before, random);
            text += compressed ? "::" + groups(after, random) : "";
            boolean valid = compressed ? before + after <= 7 : before == 8;
            assertThat(addresses.contains(text)).as("seed %d: %s", seed, text).isEqualTo(valid);
        }
    }

    private static String groups(int count, Random random) {
        StringBuilder text = new StringBuilder();
        for (int group = 0; group < count; group++) {
            text.append(group == 0 ? "" : ":").append(Integer.toHexString(random.nextInt(65_536)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "date-time, 2024-12-05T08:00:00+02:00, true",
        "date-time, 2022-01-01T12:00:00, false",
        "date-time, 2024-12-31T23:59:61Z, false",
        "time, 05:44:60+05:45, true",
        "time, 05:45:60+05:45, false",
        "email, user@localhost, true",
        "email, a b@example.com, false",
        "uri, https://www.w3.org/2001/04/xmlenc#aes256-cbc, true",
        "uri, http://myproxy.com:8080, true",
        "uri, not a uri, false",
        "uri, http:///path, true",
        "uri, a:, true",
        "uri-reference, /var/run/x.sock, true",
        "uri-reference, a:b:c, true",
        "uri-reference, :a, false",
        "hostname, ab--cd.example, false",
        "uuid, 123e4567-e89b-12d3-a456-42665544000g, false",
    })
    void casesBeyondTheSuiteHold(String name, String text, boolean valid) {
        assertThat(Formats.of(name).orElseThrow().contains(text)).isEqualTo(valid);
    }

    @Test
    void whatNoAutomatonCanTellIsLeftOut() {
        assertThat(Formats.of("regex")).isEmpty();
        assertThat(Formats.of("idn-hostname")).isEmpty();
        assertThat(Formats.of("semver")).isEmpty();
    }
}

package org.scout4j.server.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.error.InvalidRequest;

class AllowedHostsTest {
    private final AllowedHosts hosts =
            new AllowedHosts(List.of("images.example.org", "Other.Example:8443", "localhost"));

    @ParameterizedTest
    @CsvSource({
        "https://images.example.org, https://images.example.org/",
        "HTTPS://IMAGES.Example.org/A?b=C#d, https://images.example.org/A?b=C",
        "https://images.example.org:443/a%2Fb/../c, https://images.example.org/a%2Fb/../c",
        "https://images.example.org:/a, https://images.example.org/a",
        "https://other.example:8443/a?x=https://evil.example, https://other.example:8443/a?x=https://evil.example",
        "https://images.example.org/é, https://images.example.org/%C3%A9"
    })
    void listedHostsAreAdmitted(String url, String canonical) {
        assertThat(hosts.admit(url)).contains(URI.create(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "images.example.org/a.png",
                "//images.example.org/a.png",
                "http://images.example.org/a.png",
                "ftp://images.example.org/a.png",
                "file:///etc/passwd",
                "file://images.example.org/etc/passwd",
                "jar:https://images.example.org/a!/b",
                "https:images.example.org",
                "https:///images.example.org",
                "https://images.example.org:8443/a.png",
                "https://images.example.org:80/a.png",
                "https://images.example.org:443:80/a.png",
                "https://images.example.org:-443/",
                "https://images.example.org:99999999999/",
                "https://other.example/a.png",
                "https://images.example.org./a.png",
                "https://.images.example.org/a.png",
                "https://sub.images.example.org/a.png",
                "https://images.example.org.evil.example/a.png",
                "https://user@images.example.org/a.png",
                "https://user:secret@images.example.org/a.png",
                "https://@images.example.org/a.png",
                "https://images.example.org@127.0.0.1/a.png",
                "https://127.0.0.1@images.example.org/a.png",
                "https://images.example.org%40127.0.0.1/",
                "https://images.example.org%2eevil.example/",
                "https://images%2Eexample.org/",
                "https://images.example.org\\@127.0.0.1/a.png",
                "https:\\\\images.example.org\\a.png",
                "https://127.0.0.1\\images.example.org/",
                "https://127.0.0.1#@images.example.org/",
                "https://127.0.0.1?@images.example.org/",
                "https://127.0.0.1;images.example.org/",
                "https://images.example.org\t/a.png",
                " https://images.example.org/a.png",
                "https://images.example.org/a b.png",
                "https://images.example.org/a\r\nHost: evil.example",
                "https://images.example.org\u0000.evil.example/",
                "https://ｉｍａｇｅｓ.example.org/",
                "https://images。example。org/",
                "https://imagеs.example.org/",
                "https://xn--images-example.org/",
                "https://localhost./",
                "https://LOCALHOST:444/",
                "https://127.0.0.1/",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0x7f.0.0.1/",
                "https://0177.0.0.1/",
                "https://017700000001/",
                "https://127.0.0.1.nip.io/",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[0:0:0:0:0:ffff:7f00:1]/",
                "https://[::ffff:7f00:1%25lo]/",
                "https://①②⑦.⓪.⓪.①/",
                "https://169.254.169.254/latest/meta-data/"
            })
    void allOtherSpellingsAreNot(String url) {
        assertThat(hosts.admit(url)).isEmpty();
    }

    @Test
    void endlessUrlsAreNot() {
        assertThat(hosts.admit("https://images.example.org/" + "a".repeat(8_000))).isPresent();
        assertThat(hosts.admit("https://images.example.org/" + "a".repeat(9_000))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":443",
                "*",
                "*.example.org",
                "example..org",
                "example.org.",
                "https://example.org",
                "example.org/path",
                "user@example.org",
                "exämple.org",
                "-a.example",
                "127.0.0.1",
                "2130706433",
                "0x7f000001",
                "a.0x7f",
                "[::1]",
                "::1",
                "example.org:0",
                "example.org:65536",
                "example.org:",
                "example.org:https",
                "example.org:+443x"
            })
    void theListNamesHostsExactly(String host) {
        assertThatExceptionOfType(InvalidRequest.class)
                .isThrownBy(() -> new AllowedHosts(List.of(host)))
                .satisfies(e -> assertThat(e.param()).contains("allow-image-hosts"));
    }
}

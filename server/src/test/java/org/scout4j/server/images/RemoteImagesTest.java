package org.scout4j.server.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.scout4j.error.Cancelled;
import org.scout4j.server.ImageFetchReport;
import org.scout4j.server.ImageFetchReport.Outcome;
import org.scout4j.server.ServerOptions;

/** Fetching from a host on the loopback, which stands for a public one. */
@Timeout(120)
class RemoteImagesTest {
    private static final int MOST = 1 << 20;
    private static final byte[] IMAGE = image(50_000);
    private static final RemoteImages.Limits PATIENT =
            new RemoteImages.Limits(Duration.ofSeconds(60), 16);
    private static final HostResolver HERE = host -> List.of(InetAddress.ofLiteral("127.0.0.1"));

    @TempDir private static Path directory;

    private final BlockingQueue<ImageFetchReport> reports = new LinkedBlockingQueue<>();

    private static byte[] image(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        byte[] start = "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(start, 0, bytes, 0, start.length);
        return bytes;
    }

    private static TlsHost host(TlsHost.Script script) throws Exception {
        return new TlsHost(directory, script);
    }

    private static TlsHost answering(String status, List<String> headers, byte[] body)
            throws Exception {
        return host((head, out) -> TlsHost.reply(out, status, headers, body));
    }

    private RemoteImages images(
            int port, HostResolver resolver, ImageDownload.Reachable reachable, SSLContext tls) {
        return images(port, resolver, reachable, tls, PATIENT, 3L * MOST);
    }

    private RemoteImages images(
            int port,
            HostResolver resolver,
            ImageDownload.Reachable reachable,
            SSLContext tls,
            RemoteImages.Limits limits,
            long requestBytes) {
        return new RemoteImages(
                new ServerOptions.ImageRules(
                        10, MOST, requestBytes, List.of(TlsHost.NAME + ":" + port)),
                new ImageDownload(resolver, reachable, tls, MOST),
                limits,
                reports::add);
    }

    private RemoteImages images(TlsHost host) {
        return images(host.port(), HERE, address -> true, host.trusting());
    }

    private static URI uri(int port, String path) {
        return URI.create("https://" + TlsHost.NAME + ":" + port + path);
    }

    private void refused(RemoteImages images, int port, Outcome outcome) throws Exception {
        assertThatExceptionOfType(RemoteImages.NotFetched.class)
                .isThrownBy(() -> images.fetch(List.of(uri(port, "/a.png")), new FakeExchange()))
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(outcome));
        assertThat(report().outcome()).isEqualTo(outcome);
    }

    private ImageFetchReport report() throws InterruptedException {
        ImageFetchReport report = reports.poll(60, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        assertThat(report.host()).isEqualTo(TlsHost.NAME);
        return report;
    }

    @Test
    void anImageIsFetchedUnderTheHostsName() throws Exception {
        try (TlsHost host = answering("200 OK", List.of("Content-Type: text/plain"), IMAGE)) {
            URI uri = uri(host.port(), "/a%2Fb.png?size=%C3%A9");
            Map<URI, byte[]> fetched = images(host).fetch(List.of(uri), new FakeExchange());
            assertThat(fetched.get(uri)).isEqualTo(IMAGE);
            assertThat(report().outcome()).isEqualTo(Outcome.FETCHED);
            assertThat(host.names()).containsExactly(TlsHost.NAME);
            assertThat(host.heads().take().toLowerCase(Locale.ROOT))
                    .startsWith("get /a%2fb.png?size=%c3%a9 http/1.1\r\n")
                    .contains("\r\nhost: " + TlsHost.NAME + ":" + host.port() + "\r\n")
                    .contains("\r\naccept-encoding: identity\r\n")
                    .doesNotContain("cookie", "authorization", "referer");
        }
    }

    @Test
    void chunksAndAnOpenEndAreRead() throws Exception {
        try (TlsHost host =
                host((head, out) -> {
                    boolean chunked = head.startsWith("GET /chunked");
                    String start =
                            "HTTP/1.1 200 OK\r\n"
                                    + (chunked
                                            ? "Transfer-Encoding: chunked\r\n\r\n"
                                            : "Connection: close\r\n\r\n");
                    out.write(start.getBytes(StandardCharsets.US_ASCII));
                    for (int i = 0; i < IMAGE.length; i += 10_000) {
                        byte[] part = Arrays.copyOfRange(IMAGE, i, i + 10_000);
                        if (chunked) {
                            out.write("2710\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                        out.write(part);
                        if (chunked) {
                            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                    if (chunked) {
                        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    }
                    out.flush();
                })) {
            List<URI> both = List.of(uri(host.port(), "/chunked"), uri(host.port(), "/open"));
            Map<URI, byte[]> fetched = images(host).fetch(both, new FakeExchange());
            assertThat(fetched.get(both.getFirst())).isEqualTo(IMAGE);
            assertThat(fetched.get(both.getLast())).isEqualTo(IMAGE);
        }
    }

    @Test
    void addressesThatAreNotPublicGetNoConnection() throws Exception {
        for (List<String> answer :
                List.of(
                        List.of("127.0.0.1"),
                        List.of("::1"),
                        List.of("8.8.8.8", "127.0.0.1"),
                        List.of("127.0.0.1", "8.8.8.8"),
                        List.of("2606:4700::1111", "::ffff:127.0.0.1"))) {
            try (TlsHost trap = answering("200 OK", List.of(), IMAGE)) {
                HostResolver resolver =
                        host -> answer.stream().map(InetAddress::ofLiteral).toList();
                RemoteImages images =
                        images(trap.port(), resolver, PublicAddresses::has, trap.trusting());
                refused(images, trap.port(), Outcome.ADDRESS_REFUSED);
                assertThat(trap.connections()).as("%s", answer).isZero();
            }
        }
    }

    @Test
    void theNameIsLookedUpOnce() throws Exception {
        try (TlsHost first = answering("200 OK", List.of(), IMAGE)) {
            AtomicInteger asked = new AtomicInteger();
            // A second look-up would lead to an address that nobody listens on.
            HostResolver rebinding =
                    host ->
                            List.of(
                                    InetAddress.ofLiteral(
                                            asked.getAndIncrement() == 0
                                                    ? "127.0.0.1"
                                                    : "127.0.0.2"));
            RemoteImages images =
                    images(
                            first.port(),
                            rebinding,
                            address -> address.getHostAddress().equals("127.0.0.1"),
                            first.trusting());
            images.fetch(List.of(uri(first.port(), "/")), new FakeExchange());
            assertThat(asked).hasValue(1);
            assertThat(first.connections()).isEqualTo(1);
        }
    }

    @Test
    void hostsWithoutAddressAndPortsWithoutListenerAreRefused() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        SSLContext tls = SSLContext.getDefault();
        refused(images(closed, HERE, a -> true, tls), closed, Outcome.UNREACHABLE);
        HostResolver knowsNone =
                host -> {
                    throw new UnknownHostException(host);
                };
        refused(images(closed, knowsNone, a -> true, tls), closed, Outcome.UNKNOWN_HOST);
    }

    @Test
    void certificatesAreChecked() throws Exception {
        try (TlsHost host = answering("200 OK", List.of(), IMAGE)) {
            SSLContext system = SSLContext.getDefault();
            refused(images(host.port(), HERE, a -> true, system), host.port(), Outcome.UNREACHABLE);
            RemoteImages others =
                    new RemoteImages(
                            new ServerOptions.ImageRules(
                                    1, MOST, MOST, List.of("other.example:" + host.port())),
                            new ImageDownload(HERE, a -> true, host.trusting(), MOST),
                            PATIENT,
                            reports::add);
            assertThatExceptionOfType(RemoteImages.NotFetched.class)
                    .isThrownBy(() ->
                            others.fetch(
                                    List.of(
                                            URI.create(
                                                    "https://other.example:" + host.port() + "/")),
                                    new FakeExchange()));
            assertThat(host.heads()).isEmpty();
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (TlsHost target = answering("200 OK", List.of(), IMAGE)) {
            for (String status : List.of("301 x", "302 x", "303 x", "307 x", "308 x")) {
                String location = "Location: " + uri(target.port(), "/b.png");
                try (TlsHost host = answering(status, List.of(location), IMAGE)) {
                    refused(images(host), host.port(), Outcome.REFUSED);
                    assertThat(host.connections()).isEqualTo(1);
                }
            }
            assertThat(target.connections()).isZero();
        }
    }

    @Test
    void otherAnswersAreRefused() throws Exception {
        for (String status : List.of("404 Not Found", "500 x", "206 Partial", "201 Created")) {
            try (TlsHost host = answering(status, List.of(), IMAGE)) {
                refused(images(host), host.port(), Outcome.REFUSED);
            }
        }
        try (TlsHost host = answering("200 OK", List.of("Content-Encoding: gzip"), IMAGE)) {
            refused(images(host), host.port(), Outcome.REFUSED);
        }
        byte[] page = "<html>".getBytes(StandardCharsets.US_ASCII);
        try (TlsHost host = answering("200 OK", List.of("Content-Type: image/png"), page)) {
            refused(images(host), host.port(), Outcome.NOT_AN_IMAGE);
        }
        try (TlsHost host = answering("200 OK", List.of(), new byte[0])) {
            refused(images(host), host.port(), Outcome.NOT_AN_IMAGE);
        }
        try (TlsHost host =
                host((head, out) ->
                        out.write("SSH-2.0-x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            refused(images(host), host.port(), Outcome.UNREACHABLE);
        }
    }

    @Test
    void largerImagesAreCut() throws Exception {
        try (TlsHost host = answering("200 OK", List.of(), image(MOST))) {
            URI uri = uri(host.port(), "/a.png");
            assertThat(images(host).fetch(List.of(uri), new FakeExchange()).get(uri)).hasSize(MOST);
            assertThat(report().outcome()).isEqualTo(Outcome.FETCHED);
        }
        try (TlsHost host = answering("200 OK", List.of(), image(MOST + 1))) {
            refused(images(host), host.port(), Outcome.TOO_LARGE);
        }
        try (TlsHost endless =
                host((head, out) -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        out.write(IMAGE);
                    }
                })) {
            refused(images(endless), endless.port(), Outcome.TOO_LARGE);
        }
    }

    @Test
    void theImagesOfARequestShareAnAllowance() throws Exception {
        try (TlsHost host = answering("200 OK", List.of(), IMAGE)) {
            RemoteImages images =
                    images(host.port(), HERE, a -> true, host.trusting(), PATIENT, 100_000);
            List<URI> two = List.of(uri(host.port(), "/1"), uri(host.port(), "/2"));
            assertThat(images.fetch(two, new FakeExchange())).hasSize(2);
            List<URI> three = List.of(two.get(0), two.get(1), uri(host.port(), "/3"));
            assertThatExceptionOfType(RemoteImages.NotFetched.class)
                    .isThrownBy(() -> images.fetch(three, new FakeExchange()))
                    .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.TOO_LARGE));
        }
    }

    private static void drip(OutputStream out) throws Exception {
        out.write(
                "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        for (byte b : IMAGE) {
            out.write(b);
            out.flush();
            Thread.sleep(20); // this host is slow; nobody waits for it
        }
    }

    @Test
    void slowHostsAreCutAtTheTimeLimit() throws Exception {
        RemoteImages.Limits brief = new RemoteImages.Limits(Duration.ofMillis(1_500), 16);
        List<TlsHost.Script> slow =
                List.of(
                        (head, out) -> drip(out),
                        (head, out) -> new CountDownLatch(1).await(60, TimeUnit.SECONDS));
        for (TlsHost.Script script : slow) {
            try (TlsHost host = host(script)) {
                RemoteImages images =
                        images(host.port(), HERE, a -> true, host.trusting(), brief, MOST);
                refused(images, host.port(), Outcome.TIMED_OUT);
            }
        }
        // A host that accepts and never shakes hands.
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            RemoteImages images =
                    images(
                            mute.getLocalPort(),
                            HERE,
                            a -> true,
                            SSLContext.getDefault(),
                            brief,
                            MOST);
            refused(images, mute.getLocalPort(), Outcome.TIMED_OUT);
        }
    }

    @Test
    void aClientThatLeavesEndsTheFetch() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        try (TlsHost host =
                host((head, out) -> {
                    try {
                        drip(out);
                    } finally {
                        cut.countDown();
                    }
                })) {
            FakeExchange exchange = new FakeExchange();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            host.heads().take();
                            exchange.leave();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
            assertThatExceptionOfType(Cancelled.class)
                    .isThrownBy(
                            () -> images(host).fetch(List.of(uri(host.port(), "/a")), exchange));
            assertThat(report().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(cut.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void onlySoManyAreFetchedAtOneTime() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (TlsHost host =
                host((head, out) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Thread.yield();
                    now.decrementAndGet();
                    TlsHost.reply(out, "200 OK", List.of(), IMAGE);
                })) {
            RemoteImages images =
                    images(
                            host.port(),
                            HERE,
                            a -> true,
                            host.trusting(),
                            new RemoteImages.Limits(Duration.ofSeconds(60), 2),
                            3L * MOST);
            List<URI> many =
                    IntStream.range(0, 10).mapToObj(i -> uri(host.port(), "/" + i)).toList();
            assertThat(images.fetch(many, new FakeExchange())).hasSize(10);
            assertThat(most.get()).isBetween(1, 2);
        }
    }

    @Test
    void whoGetsNoPlaceInTimeIsToldThatItIsBusy() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (TlsHost host =
                host((head, out) -> {
                    release.await(60, TimeUnit.SECONDS);
                    TlsHost.reply(out, "200 OK", List.of(), IMAGE);
                })) {
            RemoteImages images =
                    images(
                            host.port(),
                            HERE,
                            a -> true,
                            host.trusting(),
                            new RemoteImages.Limits(Duration.ofSeconds(4), 1),
                            3L * MOST);
            Thread first =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    images.fetch(
                                            List.of(uri(host.port(), "/1")), new FakeExchange());
                                } catch (RemoteImages.NotFetched e) {
                                    // It may time out on a slow machine.
                                }
                            });
            host.heads().take();
            assertThatExceptionOfType(RemoteImages.NotFetched.class)
                    .isThrownBy(
                            () -> images.fetch(List.of(uri(host.port(), "/2")), new FakeExchange()))
                    .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.BUSY));
            release.countDown();
            first.join();
        }
    }
}

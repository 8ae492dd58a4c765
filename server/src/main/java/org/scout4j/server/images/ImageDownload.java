package org.scout4j.server.images;

import io.helidon.common.tls.Tls;
import io.helidon.http.ClientResponseHeaders;
import io.helidon.http.HeaderNames;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.http1.Http1Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.scout4j.server.ImageFetchReport.Outcome;

/**
 * Downloads one image: the host is resolved once, all its addresses have to be public, and the
 * connection goes to the first of them, under the host's name. No redirects, proxies, cookies or
 * encodings. Interrupting the thread ends it wherever it is, but for the look-up of the name.
 *
 * @param resolver finds addresses
 * @param reachable which addresses may be connected to
 * @param tls whom to trust; the host's name is checked
 * @param most most bytes of an image
 */
record ImageDownload(HostResolver resolver, Reachable reachable, Tls tls, int most) {
    private static final int OK = 200;
    private static final int PIECE = 16 << 10;

    /** Decides about an address. */
    interface Reachable {
        boolean allows(InetAddress address);
    }

    /**
     * The image's bytes.
     *
     * @param uri of an allowed host
     * @param deadline when it has to be there, by {@link System#nanoTime}
     * @param allowance how many more bytes the request may fetch
     */
    byte[] get(URI uri, long deadline, AtomicLong allowance) throws FetchFailed {
        InetAddress address = address(uri.getHost());
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        Http1Client client =
                Http1Client.builder()
                        .dnsResolver((host, lookup) -> address)
                        .tls(tls)
                        .proxy(Proxy.noProxy())
                        .followRedirects(false)
                        .keepAlive(false)
                        .shareConnectionCache(false)
                        .sendExpectContinue(false)
                        .servicesDiscoverServices(false)
                        .contentEncoding(
                                ContentEncodingContext.builder()
                                        .contentEncodingsDiscoverServices(false)
                                        .build())
                        .connectTimeout(left)
                        .readTimeout(left)
                        .build();
        try (HttpClientResponse response =
                client.get()
                        .uri(uri)
                        .skipUriEncoding(true)
                        .header(HeaderNames.HOST, uri.getRawAuthority())
                        .header(HeaderNames.USER_AGENT, "scout4j")
                        .header(HeaderNames.ACCEPT, "image/*")
                        .header(HeaderNames.ACCEPT_ENCODING, "identity")
                        .request()) {
            return read(response, deadline, allowance);
        } catch (IOException | RuntimeException e) {
            throw new FetchFailed(
                    Thread.currentThread().isInterrupted() || System.nanoTime() >= deadline
                            ? Outcome.TIMED_OUT
                            : Outcome.UNREACHABLE);
        } finally {
            client.closeResource();
        }
    }

    /** The address to connect to; it knows the name, and nobody looks it up again. */
    private InetAddress address(String host) throws FetchFailed {
        try {
            List<InetAddress> addresses = resolver.resolve(host);
            if (!addresses.stream().allMatch(reachable::allows)) {
                throw new FetchFailed(Outcome.ADDRESS_REFUSED);
            }
            return InetAddress.getByAddress(host, addresses.getFirst().getAddress());
        } catch (UnknownHostException e) {
            throw new FetchFailed(Outcome.UNKNOWN_HOST);
        }
    }

    private byte[] read(HttpClientResponse response, long deadline, AtomicLong allowance)
            throws FetchFailed, IOException {
        ClientResponseHeaders headers = response.headers();
        if (response.status().code() != OK || headers.contains(HeaderNames.CONTENT_ENCODING)) {
            throw new FetchFailed(Outcome.REFUSED);
        }
        if (headers.contentLength().orElse(0) > most) {
            throw new FetchFailed(Outcome.TOO_LARGE);
        }
        ByteArrayOutputStream image = new ByteArrayOutputStream(PIECE);
        InputStream body = response.inputStream();
        byte[] piece = new byte[PIECE];
        for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
            if (read > most - image.size() || allowance.addAndGet(-read) < 0) {
                throw new FetchFailed(Outcome.TOO_LARGE);
            }
            if (System.nanoTime() >= deadline) {
                throw new FetchFailed(Outcome.TIMED_OUT);
            }
            image.write(piece, 0, read);
        }
        byte[] bytes = image.toByteArray();
        if (!ImageSignature.begins(bytes)) {
            throw new FetchFailed(Outcome.NOT_AN_IMAGE);
        }
        return bytes;
    }
}

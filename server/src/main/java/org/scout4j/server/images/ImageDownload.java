package org.scout4j.server.images;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;
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
record ImageDownload(HostResolver resolver, Reachable reachable, SSLContext tls, int most) {
    private static final int OK = 200;
    private static final int PIECE = 16 << 10;
    private static final int LONGEST_LINE = 8 << 10;
    private static final int MOST_HEADERS = 100;
    private static final long MILLISECOND = 1_000_000;

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
        Timeout left = Timeout.ofNanoseconds(Math.max(MILLISECOND, deadline - System.nanoTime()));
        HttpGet request = new HttpGet(uri);
        request.setHeader("Accept", "image/*");
        request.setHeader("Accept-Encoding", "identity");
        request.setHeader("Connection", "close");
        request.setHeader("User-Agent", "scout4j");
        try (CloseableHttpClient client = client(address, left)) {
            return client.execute(
                    request,
                    response -> {
                        try {
                            return read(response, deadline, allowance);
                        } finally {
                            request.cancel(); // or the client would read the rest
                        }
                    });
        } catch (Unwanted unwanted) {
            throw new FetchFailed(unwanted.outcome);
        } catch (IOException | RuntimeException e) {
            throw new FetchFailed(
                    Thread.currentThread().isInterrupted() || System.nanoTime() >= deadline
                            ? Outcome.TIMED_OUT
                            : Outcome.UNREACHABLE);
        }
    }

    /** For one request: what it may connect to is its own. */
    private CloseableHttpClient client(InetAddress address, Timeout left) {
        HttpClientConnectionManager connections =
                PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new PinnedAddress(address))
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                        .setDefaultConnectionConfig(
                                ConnectionConfig.custom()
                                        .setConnectTimeout(left)
                                        .setSocketTimeout(left)
                                        .build())
                        .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(left).build())
                        .setConnectionFactory(
                                ManagedHttpClientConnectionFactory.builder()
                                        .http1Config(
                                                Http1Config.custom()
                                                        .setMaxLineLength(LONGEST_LINE)
                                                        .setMaxHeaderCount(MOST_HEADERS)
                                                        .build())
                                        .build())
                        .build();
        return HttpClients.custom()
                .setConnectionManager(connections)
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableAutomaticRetries()
                .build();
    }

    /** A reply that is not taken. */
    private static final class Unwanted extends IOException {
        private static final long serialVersionUID = 1;

        private final Outcome outcome;

        Unwanted(Outcome outcome) {
            super(outcome.name());
            this.outcome = outcome;
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

    private byte[] read(ClassicHttpResponse response, long deadline, AtomicLong allowance)
            throws IOException {
        HttpEntity entity = response.getEntity();
        if (response.getCode() != OK || entity == null || entity.getContentEncoding() != null) {
            throw new Unwanted(Outcome.REFUSED);
        }
        if (entity.getContentLength() > most) {
            throw new Unwanted(Outcome.TOO_LARGE);
        }
        ByteArrayOutputStream image = new ByteArrayOutputStream(PIECE);
        InputStream body = entity.getContent();
        byte[] piece = new byte[PIECE];
        for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
            if (read > most - image.size() || allowance.addAndGet(-read) < 0) {
                throw new Unwanted(Outcome.TOO_LARGE);
            }
            if (System.nanoTime() >= deadline) {
                throw new Unwanted(Outcome.TIMED_OUT);
            }
            image.write(piece, 0, read);
        }
        byte[] bytes = image.toByteArray();
        if (!ImageSignature.begins(bytes)) {
            throw new Unwanted(Outcome.NOT_AN_IMAGE);
        }
        return bytes;
    }
}

package org.scout4j.server.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A host with a certificate for {@value #NAME} on a free port of the loopback. What it answers, the
 * test says; each connection has a thread of its own and is closed after its answer.
 */
final class TlsHost implements AutoCloseable {
    static final String NAME = "images.example.org";
    private static final char[] PASSWORD = "password".toCharArray();

    private final SSLServerSocket socket;
    private final SSLContext context;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> names = new LinkedBlockingQueue<>();

    /** Answers one request. */
    interface Script {
        void answer(String head, OutputStream out) throws Exception;
    }

    TlsHost(Path directory, Script script) throws Exception {
        this.script = script;
        this.context = context(keys(directory));
        this.socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    private static KeyStore keys(Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        if (!Files.exists(file)) {
            Process keytool =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "keytool")
                                            .toString(),
                                    "-genkeypair",
                                    "-keystore",
                                    file.toString(),
                                    "-storepass",
                                    new String(PASSWORD),
                                    "-keyalg",
                                    "EC",
                                    "-alias",
                                    "host",
                                    "-dname",
                                    "CN=test",
                                    "-ext",
                                    "san=dns:" + NAME)
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
        }
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            return keys;
        }
    }

    private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
        KeyManagerFactory own =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try {
            trusted.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        trusted.setCertificateEntry("host", keys.getCertificate("host"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** Trusts this host's certificate, and checks its name as always. */
    SSLContext trusting() {
        return context;
    }

    private void accept() {
        try {
            while (true) {
                SSLSocket client = (SSLSocket) socket.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(SSLSocket client) {
        try (client) {
            client.startHandshake();
            ((ExtendedSSLSession) client.getSession())
                    .getRequestedServerNames().stream()
                            .map(name -> ((SNIHostName) name).getAsciiName())
                            .forEach(names::add);
            StringBuilder head = new StringBuilder();
            InputStream in = client.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            heads.add(head.toString());
            script.answer(head.toString(), client.getOutputStream());
        } catch (Exception e) {
            // The other side has had enough.
        }
    }

    static void reply(OutputStream out, String status, List<String> headers, byte[] body)
            throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    int port() {
        return socket.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** Heads of the requests it has read. */
    BlockingQueue<String> heads() {
        return heads;
    }

    /** Names that clients asked for in their handshakes. */
    BlockingQueue<String> names() {
        return names;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

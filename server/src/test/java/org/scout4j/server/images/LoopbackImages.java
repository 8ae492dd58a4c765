package org.scout4j.server.images;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.scout4j.server.ServerOptions;

/** A host of images on the loopback, for servers in tests to fetch from or to keep away from. */
public final class LoopbackImages implements AutoCloseable {
    private final TlsHost host;

    /**
     * @param directory for the host's keys
     * @param image what it answers to everything
     */
    public LoopbackImages(Path directory, byte[] image) throws Exception {
        this.host =
                new TlsHost(
                        directory, (head, out) -> TlsHost.reply(out, "200 OK", List.of(), image));
    }

    /**
     * What a server fetches with: the name means this host, whose certificate it trusts.
     *
     * @param guarded whether only public addresses may be connected to, as outside of tests
     */
    public RemoteImages fetching(boolean guarded) {
        ServerOptions.ImageRules rules =
                ServerOptions.ImageRules.defaults()
                        .withHosts(List.of(TlsHost.NAME + ":" + host.port(), TlsHost.NAME + ":1"));
        ImageDownload.Reachable reachable = guarded ? PublicAddresses::has : address -> true;
        ImageDownload download =
                new ImageDownload(
                        name -> List.of(InetAddress.ofLiteral("127.0.0.1")),
                        reachable,
                        host.trusting(),
                        rules.bytes());
        return new RemoteImages(rules, download, RemoteImages.Limits.DEFAULT, report -> {});
    }

    /** Where its image is. */
    public String url() {
        return "https://" + TlsHost.NAME + ":" + host.port() + "/a.png";
    }

    /** A place on the same address where nobody listens. */
    public String closedUrl() {
        return "https://" + TlsHost.NAME + ":1/a.png";
    }

    /** Connections so far. */
    public int connections() {
        return host.connections();
    }

    @Override
    public void close() throws Exception {
        host.close();
    }
}

package org.scout4j.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/** Makes every connection HTTP/1.1 over a {@link ClientConnection}. */
final class ReadAheadSelector implements ServerConnectionSelector {
    private final Http1ConnectionSelector http1;
    private final ServerOptions.HttpLimits limits;
    private final OpenConnections all;

    ReadAheadSelector(Http1Config config, ServerOptions.HttpLimits limits, OpenConnections all) {
        this.http1 = Http1ConnectionSelector.builder().config(config).build();
        this.limits = limits;
        this.all = all;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http1.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        ClientConnection connection = new ClientConnection(context, limits);
        return connection.around(http1.connection(connection), all);
    }
}

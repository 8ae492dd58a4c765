package org.scout4j.cli.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One connection to a server, read byte by byte. Knows when the bytes came, which a client library
 * would blur with its own threads and buffers. One thread reads; any thread may close.
 */
final class Wire implements AutoCloseable {
    private final Socket socket;
    private final long deadlineNanos;
    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;
    private long arrivedNanos;

    private Wire(Socket socket, long deadlineNanos) throws IOException {
        this.socket = socket;
        this.deadlineNanos = deadlineNanos;
        this.in = socket.getInputStream();
    }

    /**
     * Connects.
     *
     * @param raw an unconnected socket, which another thread may close
     * @param deadlineNanos {@link System#nanoTime} after which nothing is waited for
     */
    static Wire connect(Socket raw, Target target, long deadlineNanos) throws IOException {
        String host = target.url().getHost();
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetSocketAddress address = new InetSocketAddress(name, target.port());
        if (address.isUnresolved()) {
            throw new UnknownHostException("there is no host '" + name + "'");
        }
        raw.setTcpNoDelay(true);
        raw.connect(address, patienceMillis(deadlineNanos));
        if (!target.encrypted()) {
            return new Wire(raw, deadlineNanos);
        }
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secure = (SSLSocket) factory.createSocket(raw, name, target.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.setSoTimeout(patienceMillis(deadlineNanos));
        secure.startHandshake();
        return new Wire(secure, deadlineNanos);
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next byte, or −1 if the server closed the connection. */
    int read() throws IOException {
        if (position == limit) {
            socket.setSoTimeout(patienceMillis(deadlineNanos));
            int count = in.read(buffer);
            arrivedNanos = System.nanoTime();
            if (count <= 0) {
                return -1;
            }
            position = 0;
            limit = count;
        }
        return Byte.toUnsignedInt(buffer[position++]);
    }

    /** The next byte. */
    int demand() throws IOException {
        int next = read();
        if (next < 0) {
            throw new EOFException("the server closed the connection in the middle of its answer");
        }
        return next;
    }

    /** {@link System#nanoTime} when the byte read last had come. */
    long arrivedNanos() {
        return arrivedNanos;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static int patienceMillis(long deadlineNanos) throws SocketTimeoutException {
        long left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the time of the request is over");
        }
        return (int) Math.clamp(left / 1_000_000, 1L, Integer.MAX_VALUE);
    }
}

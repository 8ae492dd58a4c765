package org.scout4j.server.images;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host. */
interface HostResolver {
    /** All of them, the preferred one first; at least one. */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}

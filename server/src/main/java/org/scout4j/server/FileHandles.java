package org.scout4j.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** File handles of this process: running out of them would end the listening. */
final class FileHandles {
    private static final int KEPT_FREE = 128; // model files, libraries, logs

    private FileHandles() {}

    /** The number of connections wanted, or as many as there are handles for. */
    static int atMost(int connections) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            long free = os.getMaxFileDescriptorCount() - os.getOpenFileDescriptorCount();
            return (int) Math.clamp(free - KEPT_FREE, 1, connections);
        }
        return connections;
    }
}

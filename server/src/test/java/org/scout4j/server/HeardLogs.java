package org.scout4j.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What one logger and those below it say, until it is closed. */
final class HeardLogs implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger; // kept: the JDK forgets loggers that nobody holds
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord said) {
                    if (said.getLevel().intValue() >= Level.INFO.intValue()) {
                        lines.add(said.getLevel() + " " + said.getMessage());
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    private HeardLogs(Logger logger) {
        this.logger = logger;
    }

    static HeardLogs of(String name) {
        HeardLogs heard = new HeardLogs(Logger.getLogger(name));
        heard.logger.addHandler(heard.handler);
        return heard;
    }

    /** Messages from INFO on, with their level. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
    }
}

package org.scout4j.cli;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Carries what engine and server log to Logback: warnings, and a line for each request. Logback is
 * started by the first message that is to be seen: reading its configuration takes longer than
 * everything else a short command does, and most commands have nothing to log. Found by the JDK as
 * a service.
 */
public final class LateLogging extends System.LoggerFinder {
    private static final System.Logger.Level LEAST = System.Logger.Level.WARNING;

    /** A server's line a request is news, not a warning. */
    private static final String ACCESS = "org.scout4j.access";

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new LateLogger(name);
    }

    private record LateLogger(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            Level least = name.equals(ACCESS) ? Level.INFO : LEAST;
            return level != Level.OFF && level.getSeverity() >= least.getSeverity();
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String message,
                @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                LoggerFactory.getLogger(name)
                        .makeLoggingEventBuilder(severity(level))
                        .setCause(thrown)
                        .log(message);
            }
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String format,
                @Nullable Object @Nullable ... parameters) {
            if (isLoggable(level)) {
                boolean plain = format == null || parameters == null || parameters.length == 0;
                String message = plain ? format : MessageFormat.format(format, parameters);
                LoggerFactory.getLogger(name).makeLoggingEventBuilder(severity(level)).log(message);
            }
        }

        private static org.slf4j.event.Level severity(Level level) {
            return switch (level) {
                case ERROR -> org.slf4j.event.Level.ERROR;
                case WARNING -> org.slf4j.event.Level.WARN;
                case INFO -> org.slf4j.event.Level.INFO;
                case DEBUG -> org.slf4j.event.Level.DEBUG;
                case ALL, TRACE, OFF -> org.slf4j.event.Level.TRACE;
            };
        }
    }
}

package org.scout4j.cli;

import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A size as people write it: {@code 64MiB}, {@code 10MB}, {@code 5000}. */
final class ByteCount implements ITypeConverter<Long> {
    private static final Map<String, Long> UNITS =
            Map.of(
                    "", 1L,
                    "B", 1L,
                    "KB", 1_000L,
                    "KiB", 1L << 10,
                    "MB", 1_000_000L,
                    "MiB", 1L << 20,
                    "GB", 1_000_000_000L,
                    "GiB", 1L << 30);

    @Override
    public Long convert(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        Long unit = UNITS.get(text.substring(digits));
        try {
            if (unit != null) {
                long bytes = Math.multiplyExact(Long.parseLong(text.substring(0, digits)), unit);
                if (bytes > 0) {
                    return bytes;
                }
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException("'" + text + "' is not a size such as 64MiB or 10MB");
    }
}

package org.scout4j.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A number of tokens as people write it: {@code 16384}, {@code 32k} = 32 000, {@code 32K} = 32 768.
 */
final class TokenCount implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        int factor = text.endsWith("k") ? 1000 : text.endsWith("K") ? 1024 : 1;
        String digits = factor == 1 ? text : text.substring(0, text.length() - 1);
        try {
            return Math.multiplyExact(Integer.parseInt(digits), factor);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new TypeConversionException(
                    "'"
                            + text
                            + "' is not a number of tokens such as 4096, 32k (32 000) or 32K (32 768)");
        }
    }
}

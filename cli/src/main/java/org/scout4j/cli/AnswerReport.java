package org.scout4j.cli;

import java.time.Duration;
import java.util.Locale;
import org.scout4j.ChatResult;
import org.scout4j.Timings;
import org.scout4j.Usage;
import tools.jackson.core.JsonGenerator;

/** What there is to say about an answer beside its text: numbers. */
final class AnswerReport {
    private AnswerReport() {}

    /** E.g. {@code prompt 812 tok 61 tok/s · answer 118 tok 8.2 tok/s · TTFT 3.1 s}. */
    static String line(ChatResult result) {
        Usage usage = result.usage();
        Timings timings = result.timings();
        return "prompt "
                + usage.promptTokens()
                + " tok"
                + (usage.imageTokens() == 0 ? "" : " (" + usage.imageTokens() + " of images)")
                + speed(promptRate(result))
                + " · answer "
                + usage.completionTokens()
                + " tok"
                + speed(answerRate(result))
                + " · TTFT "
                + seconds(timings.firstToken());
    }

    private static double promptRate(ChatResult result) {
        return Timings.rate(result.usage().promptTokens(), result.timings().prefill());
    }

    /** Of the tokens after the first, which belongs to the reading of the prompt. */
    private static double answerRate(ChatResult result) {
        int later = Math.max(0, result.usage().completionTokens() - 1);
        return Timings.rate(later, result.timings().decode());
    }

    private static String speed(double rate) {
        return rate == 0 ? "" : " " + threeDigits(rate) + " tok/s";
    }

    private static String seconds(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        return seconds < 0.1
                ? String.format(Locale.ROOT, "%.0f ms", seconds * 1e3)
                : threeDigits(seconds) + " s";
    }

    private static String threeDigits(double value) {
        return String.format(
                Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    /** The name of why an answer ended, as HTTP clients know it. */
    static String finishReason(AnswerPrinter.Answer answer) {
        if (answer.stopped()) {
            return "cancelled";
        }
        return switch (answer.result().finishReason()) {
            case STOP -> "stop";
            case TOOL_CALLS -> "tool_calls";
            case LENGTH -> "length";
        };
    }

    /** The properties that follow the text in {@code --json}. */
    static void write(
            JsonGenerator generator, AnswerPrinter.Answer answer, Duration load, long seed) {
        ChatResult result = answer.result();
        Usage usage = result.usage();
        Timings timings = result.timings();
        generator.writeStringProperty("finish_reason", finishReason(answer));
        generator.writeObjectPropertyStart("usage");
        generator.writeNumberProperty("prompt_tokens", usage.promptTokens());
        if (usage.imageTokens() > 0) {
            generator.writeNumberProperty("image_tokens", usage.imageTokens());
        }
        generator.writeNumberProperty("completion_tokens", usage.completionTokens());
        generator.writeNumberProperty("total_tokens", usage.totalTokens());
        generator.writeEndObject();
        generator.writeObjectPropertyStart("timings");
        generator.writeNumberProperty("load_ms", millis(load));
        generator.writeNumberProperty("queued_ms", millis(timings.queued()));
        generator.writeNumberProperty("prefill_ms", millis(timings.prefill()));
        generator.writeNumberProperty("decode_ms", millis(timings.decode()));
        generator.writeNumberProperty("first_token_ms", millis(timings.firstToken()));
        generator.writeEndObject();
        generator.writeNumberProperty("seed", seed);
    }

    /** Milliseconds to a thousandth. */
    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }
}

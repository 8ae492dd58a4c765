package org.scout4j.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.scout4j.ChatEvent;
import org.scout4j.sampling.TokenLogprobs;
import org.scout4j.tokenizer.Tokenizer;
import tools.jackson.core.JsonGenerator;

/** Log-probabilities of tokens, as JSON and as a table. */
final class LogprobsReport {
    /** Stands for −∞, which JSON cannot write; the OpenAI API does the same. */
    private static final float LEAST = -9999;

    private final Tokenizer tokenizer;

    LogprobsReport(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** {@code "prompt_logprobs"}, if they were asked for, and {@code "logprobs"}: an array each. */
    void write(JsonGenerator generator, AnswerPrinter.Answer answer, boolean withPrompt) {
        if (withPrompt) {
            generator.writeArrayPropertyStart("prompt_logprobs");
            for (ChatEvent.PromptToken token : answer.promptTokens()) {
                writeToken(generator, token.token(), token.logprobs());
            }
            generator.writeEndArray();
        }
        generator.writeArrayPropertyStart("logprobs");
        for (TokenLogprobs logprobs : answer.result().logprobs()) {
            writeToken(generator, logprobs.token(), logprobs);
        }
        generator.writeEndArray();
    }

    private void writeToken(JsonGenerator generator, int token, @Nullable TokenLogprobs logprobs) {
        generator.writeStartObject();
        writeChoice(generator, token, logprobs == null ? null : logprobs.logprob());
        generator.writeArrayPropertyStart("top_logprobs");
        List<TokenLogprobs.Alternative> top = logprobs == null ? List.of() : logprobs.top();
        for (TokenLogprobs.Alternative alternative : top) {
            generator.writeStartObject();
            writeChoice(generator, alternative.token(), alternative.logprob());
            generator.writeEndObject();
        }
        generator.writeEndArray();
        generator.writeEndObject();
    }

    private void writeChoice(JsonGenerator generator, int token, @Nullable Float logprob) {
        byte[] bytes = tokenizer.bytes(token);
        generator.writeNumberProperty("id", token);
        generator.writeStringProperty("token", new String(bytes, StandardCharsets.UTF_8));
        generator.writeName("logprob");
        if (logprob == null) {
            generator.writeNull();
        } else {
            generator.writeNumber(Math.max(logprob, LEAST));
        }
        generator.writeArrayPropertyStart("bytes");
        for (byte b : bytes) {
            generator.writeNumber(Byte.toUnsignedInt(b));
        }
        generator.writeEndArray();
    }

    /** One line a token: log-probability, id, text, then the alternatives. */
    void print(Output out, AnswerPrinter.Answer answer) {
        for (ChatEvent.PromptToken token : answer.promptTokens()) {
            out.println(line(token.token(), token.logprobs()));
        }
        for (TokenLogprobs logprobs : answer.result().logprobs()) {
            out.println(line(logprobs.token(), logprobs));
        }
    }

    private String line(int token, @Nullable TokenLogprobs logprobs) {
        StringBuilder line = new StringBuilder();
        line.append(
                logprobs == null
                        ? " ".repeat(9)
                        : String.format(Locale.ROOT, "%9.4f", logprobs.logprob()));
        line.append(String.format(Locale.ROOT, "%8d  ", token));
        line.append(TokenText.quoted(tokenizer.bytes(token)));
        if (logprobs != null) {
            for (TokenLogprobs.Alternative other : logprobs.top()) {
                line.append(
                        String.format(
                                Locale.ROOT,
                                "  %s %.4f",
                                TokenText.quoted(tokenizer.bytes(other.token())),
                                other.logprob()));
            }
        }
        return line.toString();
    }
}

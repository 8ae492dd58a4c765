package org.scout4j.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.scout4j.MemoryPlan;
import org.scout4j.checkpoint.ModelSummary;
import tools.jackson.core.JsonGenerator;

/**
 * Everything that {@code models show} prints.
 *
 * @param path what was opened
 * @param files number of files it consists of
 * @param chatFormat how it reads conversations; empty when it only continues text
 * @param backend what would compute it here
 * @param plan its memory here, for one conversation
 */
record ModelCard(
        Path path,
        int files,
        ModelSummary summary,
        Optional<String> chatFormat,
        String backend,
        MemoryPlan plan) {

    /** A line a topic, for people. */
    void print(Output out, Palette palette) {
        String name = summary.name();
        out.println(palette.strong(name == null ? String.valueOf(path.getFileName()) : name));
        line(out, "path", path + (files == 1 ? "" : " (" + files + " files)"));
        line(out, "type", summary.architecture() + ", licence " + orUnnamed(summary.licence()));
        line(out, "layers", layers());
        line(out, "heads", heads());
        line(out, "parameters", parameters());
        line(out, "weights", weights());
        line(out, "cache", cache());
        line(out, "context", grouped(summary.contextLength()) + " tokens");
        line(out, "tokenizer", summary.tokenizer());
        line(out, "chat", chatFormat.orElse("none: it continues text only (scout4j complete)"));
        line(out, "backend", backend);
        line(out, "memory", memory());
    }

    private static void line(Output out, String topic, String text) {
        out.println(String.format(Locale.ROOT, "  %-11s%s", topic, text));
    }

    private static String orUnnamed(@Nullable String text) {
        return text == null ? "not named" : text;
    }

    private String layers() {
        ModelSummary.Layers layers = summary.layers();
        StringBuilder text = new StringBuilder(layers.total() + ": ");
        text.append(layers.rotary()).append(" rotary");
        if (summary.attentionChunk() > 0) {
            text.append(" in chunks of ").append(grouped(summary.attentionChunk()));
        }
        text.append(", ").append(layers.global()).append(" global; ");
        text.append(layers.dense()).append(" dense, ").append(layers.expert());
        if (layers.expert() > 0) {
            text.append(" with ").append(summary.experts()).append(" experts, ");
            text.append(summary.expertsPerToken()).append(" a token");
        } else {
            text.append(" with experts");
        }
        return text.toString();
    }

    private String heads() {
        return summary.heads()
                + " of "
                + summary.headSize()
                + ", "
                + summary.kvHeads()
                + " for keys and values; hidden "
                + grouped(summary.hidden())
                + "; vocabulary "
                + grouped(summary.vocabulary());
    }

    private String parameters() {
        ModelSummary.Parameters parameters = summary.parameters();
        return millions(parameters.text())
                + ", "
                + millions(parameters.active())
                + " active for a token"
                + (parameters.vision() == 0 ? "" : "; vision " + millions(parameters.vision()));
    }

    private String weights() {
        return bytes(summary.storedBytes())
                + ": "
                + summary.types().stream()
                        .map(t -> t.dtype() + " " + bytes(t.bytes()) + " in " + t.tensors())
                        .collect(Collectors.joining(", "))
                + (summary.types().size() == 1 ? " tensors" : "")
                + (summary.unknownTensors() == 0
                        ? ""
                        : "; " + summary.unknownTensors() + " of them unknown and not used");
    }

    private String cache() {
        long local = summary.keyValueBytes().local();
        long global = summary.keyValueBytes().global();
        return local == 0
                ? bytes(global) + " a token"
                : bytes(local + global)
                        + " a token, "
                        + bytes(global)
                        + " beyond the chunk of "
                        + grouped(summary.attentionChunk());
    }

    private String memory() {
        return bytes(plan.neededBytes())
                + " for "
                + grouped(plan.context())
                + " tokens (weights "
                + bytes(plan.weightBytes())
                + ", cache "
                + bytes(plan.cacheBytes())
                + ", work "
                + bytes(plan.workBytes())
                + ") of "
                + bytes(plan.usableBytes())
                + " usable: "
                + (plan.fits() ? "fits" : "does NOT fit; a smaller --ctx or --allow-streaming");
    }

    /** E.g. {@code 49 152}. */
    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    private static String millions(long count) {
        return count >= 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f B", count / 1e9)
                : count >= 1_000_000
                        ? String.format(Locale.ROOT, "%.1f M", count / 1e6)
                        : grouped(count);
    }

    /** In decimal units, as disks and plans are sold. */
    private static String bytes(long count) {
        if (count < 1_000) {
            return count + " B";
        }
        if (count < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f kB", count / 1e3);
        }
        return count < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", count / 1e6)
                : String.format(Locale.ROOT, "%.1f GB", count / 1e9);
    }

    String json() {
        return JsonText.document(generator -> {
            generator.writeStringProperty("path", path.toString());
            generator.writeNumberProperty("files", files);
            writeNullable(generator, "name", summary.name());
            writeNullable(generator, "licence", summary.licence());
            generator.writeStringProperty("architecture", summary.architecture());
            writeShape(generator);
            writeWeights(generator);
            generator.writeStringProperty("tokenizer", summary.tokenizer());
            writeNullable(generator, "chat_format", chatFormat.orElse(null));
            generator.writeStringProperty("backend", backend);
            writePlan(generator);
        });
    }

    private void writeShape(JsonGenerator generator) {
        ModelSummary.Layers layers = summary.layers();
        generator.writeObjectPropertyStart("layers");
        generator.writeNumberProperty("total", layers.total());
        generator.writeNumberProperty("rotary", layers.rotary());
        generator.writeNumberProperty("global", layers.global());
        generator.writeNumberProperty("dense", layers.dense());
        generator.writeNumberProperty("expert", layers.expert());
        generator.writeEndObject();
        generator.writeNumberProperty("experts", summary.experts());
        generator.writeNumberProperty("experts_per_token", summary.expertsPerToken());
        generator.writeNumberProperty("hidden", summary.hidden());
        generator.writeNumberProperty("heads", summary.heads());
        generator.writeNumberProperty("kv_heads", summary.kvHeads());
        generator.writeNumberProperty("head_size", summary.headSize());
        generator.writeNumberProperty("vocabulary", summary.vocabulary());
        generator.writeNumberProperty("attention_chunk", summary.attentionChunk());
        generator.writeNumberProperty("context", summary.contextLength());
    }

    private void writeWeights(JsonGenerator generator) {
        ModelSummary.Parameters parameters = summary.parameters();
        generator.writeObjectPropertyStart("parameters");
        generator.writeNumberProperty("text", parameters.text());
        generator.writeNumberProperty("active", parameters.active());
        generator.writeNumberProperty("vision", parameters.vision());
        generator.writeEndObject();
        generator.writeNumberProperty("stored_bytes", summary.storedBytes());
        generator.writeArrayPropertyStart("types");
        for (ModelSummary.TypeShare share : summary.types()) {
            generator.writeStartObject();
            generator.writeStringProperty("type", share.dtype().name());
            generator.writeNumberProperty("tensors", share.tensors());
            generator.writeNumberProperty("bytes", share.bytes());
            generator.writeEndObject();
        }
        generator.writeEndArray();
        generator.writeNumberProperty("unknown_tensors", summary.unknownTensors());
        generator.writeObjectPropertyStart("kv_bytes_per_token");
        generator.writeNumberProperty("local", summary.keyValueBytes().local());
        generator.writeNumberProperty("global", summary.keyValueBytes().global());
        generator.writeEndObject();
    }

    private void writePlan(JsonGenerator generator) {
        generator.writeObjectPropertyStart("plan");
        generator.writeNumberProperty("context", plan.context());
        generator.writeNumberProperty("slots", plan.slots());
        generator.writeNumberProperty("weight_bytes", plan.weightBytes());
        generator.writeNumberProperty("cache_bytes", plan.cacheBytes());
        generator.writeNumberProperty("work_bytes", plan.workBytes());
        generator.writeNumberProperty("needed_bytes", plan.neededBytes());
        generator.writeNumberProperty("usable_bytes", plan.usableBytes());
        generator.writeNumberProperty("available_bytes", plan.availableBytes());
        generator.writeBooleanProperty("fits", plan.fits());
        generator.writeEndObject();
    }

    private static void writeNullable(JsonGenerator generator, String name, @Nullable String text) {
        generator.writeName(name);
        if (text == null) {
            generator.writeNull();
        } else {
            generator.writeString(text);
        }
    }
}

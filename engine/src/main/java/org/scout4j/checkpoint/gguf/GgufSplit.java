package org.scout4j.checkpoint.gguf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.scout4j.error.ModelNotFound;
import org.scout4j.error.VerificationFailed;

/** A model split over files {@code name-00001-of-00003.gguf}, which count themselves from 0. */
final class GgufSplit {
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";
    private static final int MOST_PARTS = 65_535;

    private GgufSplit() {}

    /**
     * The name of a part.
     *
     * @param number from 1
     */
    record PartName(String stem, int number, int count) {
        private static final Pattern PATTERN =
                Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.DOTALL);

        static Optional<PartName> of(String fileName) {
            Matcher matcher = PATTERN.matcher(fileName);
            return matcher.matches()
                    ? Optional.of(
                            new PartName(
                                    matcher.group(1),
                                    Integer.parseInt(matcher.group(2)),
                                    Integer.parseInt(matcher.group(3))))
                    : Optional.empty();
        }

        String part(int other) {
            return String.format("%s-%05d-of-%05d.gguf", stem, other, count);
        }
    }

    /**
     * All parts of the model that a file belongs to, in order; the file alone if it is not split.
     *
     * @param open opens another part
     * @throws ModelNotFound naming the parts that are not there
     * @throws VerificationFailed if the parts do not belong together
     */
    static List<GgufFile> complete(GgufFile file, Function<Path, GgufFile> open) {
        long count = file.metadata().integer(COUNT, 0, MOST_PARTS).orElse(1);
        if (count <= 1) {
            return List.of(file);
        }
        PartName name = partName(file, count);
        requireAllThere(file.path(), name);
        List<GgufFile> parts = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            GgufFile part =
                    number == name.number()
                            ? file
                            : open.apply(file.path().resolveSibling(name.part(number)));
            requireNumber(part, NUMBER, number - 1L);
            requireNumber(part, COUNT, count);
            parts.add(part);
        }
        long tensors = parts.stream().mapToLong(part -> part.tensors().size()).sum();
        for (GgufFile part : parts) {
            requireNumber(part, TENSORS, tensors);
        }
        return parts;
    }

    private static PartName partName(GgufFile file, long count) {
        return PartName.of(String.valueOf(file.path().getFileName()))
                .filter(name -> name.count() == count)
                .filter(name -> name.number() >= 1 && name.number() <= count)
                .orElseThrow(() ->
                        new VerificationFailed(
                                file.path(),
                                "one of "
                                        + count
                                        + " parts, but its name does not end in"
                                        + " -00001-of-"
                                        + String.format("%05d", count)
                                        + ".gguf or another number of them, so the others"
                                        + " cannot be found"));
    }

    private static void requireAllThere(Path file, PartName name) {
        List<String> missing =
                IntStream.rangeClosed(1, name.count())
                        .mapToObj(name::part)
                        .filter(part -> !Files.exists(file.resolveSibling(part)))
                        .toList();
        if (!missing.isEmpty()) {
            String shown = String.join(", ", missing.subList(0, Math.min(5, missing.size())));
            throw new ModelNotFound(
                    missing.size()
                            + " of "
                            + name.count()
                            + " parts of "
                            + name.stem()
                            + " are missing: "
                            + shown
                            + (missing.size() > 5 ? ", …" : ""),
                    "Put all parts into one folder under their own names.");
        }
    }

    private static void requireNumber(GgufFile part, String key, long expected) {
        OptionalLong found = part.metadata().integer(key, 0, Integer.MAX_VALUE);
        if (found.isEmpty() || found.getAsLong() != expected) {
            throw part.metadata()
                    .failure(
                            key
                                    + " is "
                                    + (found.isEmpty() ? "missing" : found.getAsLong())
                                    + ", expected "
                                    + expected);
        }
    }
}

package org.scout4j.checkpoint.gguf;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.scout4j.checkpoint.Excerpt;
import org.scout4j.checkpoint.gguf.GgufSplit.PartName;
import org.scout4j.error.ModelNotFound;

/** A folder that holds one model as GGUF, perhaps in parts, perhaps with its vision part beside. */
public final class GgufFolder {
    private GgufFolder() {}

    /**
     * A file of the one model in the folder: of a split model, the first part that is there.
     *
     * @param names of the folder's entries
     * @throws ModelNotFound if there is no model or more than one
     */
    public static Path firstPart(Path folder, List<String> names) {
        Map<String, String> models = new TreeMap<>();
        names.stream()
                .filter(GgufFolder::isModel)
                .sorted()
                .forEach(name -> models.putIfAbsent(model(name), name));
        if (models.isEmpty()) {
            throw new ModelNotFound(
                    folder + " holds only vision parts (mmproj) of models, no model.", null);
        }
        if (models.size() > 1) {
            throw new ModelNotFound(
                    folder
                            + " holds "
                            + models.size()
                            + " models: "
                            + Excerpt.of(String.join(", ", models.values())),
                    "Name one of the files.");
        }
        return folder.resolve(models.values().iterator().next());
    }

    /** Everybody names the vision part so. */
    static boolean isVisionPart(String name) {
        return isGguf(name) && name.toLowerCase(Locale.ROOT).contains("mmproj");
    }

    // What else calls itself a model is found out by reading.
    private static boolean isModel(String name) {
        return isGguf(name) && !isVisionPart(name);
    }

    private static boolean isGguf(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    private static String model(String name) {
        return PartName.of(name).map(part -> part.part(0)).orElse(name);
    }
}

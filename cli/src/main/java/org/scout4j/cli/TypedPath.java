package org.scout4j.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file name typed into the interactive chat, where no shell has read it: {@code ~/} and the
 * quotes that a terminal puts around a dragged file are understood.
 */
record TypedPath(String typed, Surroundings here) {
    private static final int MOST_OFFERED = 200;

    /** The name as a program takes it. */
    String path() {
        return atHome(withoutQuotes(typed));
    }

    private static String withoutQuotes(String name) {
        char first = name.isEmpty() ? ' ' : name.charAt(0);
        boolean quoted =
                name.length() > 1
                        && (first == '"' || first == '\'')
                        && name.charAt(name.length() - 1) == first;
        return quoted ? name.substring(1, name.length() - 1) : name;
    }

    private String atHome(String name) {
        return name.startsWith("~/") ? here.variable("HOME").orElse("~") + name.substring(1) : name;
    }

    /** Names that go on as this one begins, in order; those of directories end with a slash. */
    List<String> completions() {
        int slash = typed.lastIndexOf('/') + 1;
        String folder = typed.substring(0, slash);
        String begun = typed.substring(slash);
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(here.directory().resolve(atHome(folder)))) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                boolean hidden = name.startsWith(".") && !begun.startsWith(".");
                if (name.startsWith(begun) && !hidden && names.size() < MOST_OFFERED) {
                    names.add(folder + name + (Files.isDirectory(file) ? "/" : ""));
                }
            }
        } catch (IOException | InvalidPathException e) {
            return List.of(); // nothing to offer
        }
        names.sort(null);
        return names;
    }
}

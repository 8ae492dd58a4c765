package org.scout4j.vision;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.scout4j.checkpoint.GoldenFiles;

/** Image files and the pixels that Pillow sees in them (golden/README.md). */
final class GoldenImages {
    private GoldenImages() {}

    /** Files of {@code images/inputs} and {@code images/kinds}, the expected ones apart. */
    static List<Path> files() {
        return Stream.of("inputs", "kinds").flatMap(GoldenImages::folder).sorted().toList();
    }

    private static Stream<Path> folder(String name) {
        try (Stream<Path> files = Files.list(GoldenFiles.golden("images/" + name))) {
            return files.filter(file -> !file.toString().endsWith(".rgb.png")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Pillow sees, read by the JDK: all expected files are plain 8-bit RGB. */
    static Picture expected(Path file) {
        String stem = file.getFileName().toString().replace('.', '_');
        return pillow(file.resolveSibling(stem + ".rgb.png"));
    }

    static Picture pillow(Path png) {
        try {
            BufferedImage image = ImageIO.read(png.toFile());
            int width = image.getWidth();
            int height = image.getHeight();
            byte[] rgb = new byte[3 * width * height];
            for (int i = 0; i < width * height; i++) {
                int pixel = image.getRGB(i % width, i / width);
                rgb[3 * i] = (byte) (pixel >> 16);
                rgb[3 * i + 1] = (byte) (pixel >> 8);
                rgb[3 * i + 2] = (byte) pixel;
            }
            return new Picture(width, height, rgb);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

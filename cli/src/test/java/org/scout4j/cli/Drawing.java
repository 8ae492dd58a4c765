package org.scout4j.cli;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/** Pictures of what the embedded model can describe (models/scout-nano/README.md). */
final class Drawing {
    private Drawing() {}

    /** A PNG file on white. */
    static byte[] png(int width, int height, Consumer<Graphics2D> pen) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        pen.accept(graphics);
        graphics.dispose();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    static byte[] circle(Color color) {
        return png(
                112,
                112,
                pen -> {
                    pen.setColor(color);
                    pen.fillOval(26, 26, 60, 60);
                });
    }

    static byte[] square(Color color) {
        return png(
                112,
                112,
                pen -> {
                    pen.setColor(color);
                    pen.fillRect(28, 28, 56, 56);
                });
    }

    static byte[] triangle(Color color) {
        return png(
                112,
                112,
                pen -> {
                    pen.setColor(color);
                    pen.fillPolygon(new Polygon(new int[] {56, 90, 22}, new int[] {24, 84, 84}, 3));
                });
    }

    /** Three equal circles in cells of a grid of three by three, as those the model learnt from. */
    static byte[] threeCircles(Color color) {
        return png(
                112,
                112,
                pen -> {
                    pen.setColor(color);
                    pen.fillOval(7, 7, 24, 24);
                    pen.fillOval(81, 44, 24, 24);
                    pen.fillOval(44, 81, 24, 24);
                });
    }

    static byte[] digit(String digit, Color color) {
        return png(
                112,
                112,
                pen -> {
                    pen.setColor(color);
                    pen.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 84));
                    int width = pen.getFontMetrics().stringWidth(digit);
                    pen.drawString(digit, (112 - width) / 2, 86);
                });
    }

    static Path save(byte[] file, Path path) {
        try {
            return Files.write(path, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

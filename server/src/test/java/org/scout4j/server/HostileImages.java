package org.scout4j.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Files that are odd, cost much, lie about themselves or are cut off. */
final class HostileImages {
    private static final int[] NONE = {};

    private HostileImages() {}

    /** Odd files with an image in them. */
    static Map<String, byte[]> sound() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("1 by 1", written(drawn(1, 1, BufferedImage.TYPE_3BYTE_BGR), "png"));
        files.put("1 by 16384", written(drawn(1, 16_384, BufferedImage.TYPE_3BYTE_BGR), "png"));
        files.put("16384 by 1", written(drawn(16_384, 1, BufferedImage.TYPE_BYTE_GRAY), "png"));
        files.put("16 bits", written(drawn(90, 70, BufferedImage.TYPE_USHORT_GRAY), "png"));
        files.put("palette", written(drawn(90, 70, BufferedImage.TYPE_BYTE_INDEXED), "png"));
        files.put("two colours", written(drawn(90, 70, BufferedImage.TYPE_BYTE_BINARY), "png"));
        files.put("alpha", written(drawn(90, 70, BufferedImage.TYPE_4BYTE_ABGR), "png"));
        files.put("animated GIF", animated());
        files.put("four inks", jpeg(new IIOImage(inks(), null, null), false));
        files.put("large progressive JPEG", progressive(5_000, 4_000));
        byte[] text = join("note\0\0".getBytes(ISO_8859_1), deflated(20_000_000));
        files.put("text that unpacks to 20 MB", png(1, 1, chunk("zTXt", text), deflated(4)));
        files.put("lossless WebP", lossless(90, 70, 1));
        return files;
    }

    /** Files without one, or with too much. */
    static Map<String, byte[]> unsound() {
        byte[] png = written(drawn(300, 200, BufferedImage.TYPE_3BYTE_BGR), "png");
        byte[] jpeg = written(drawn(300, 200, BufferedImage.TYPE_3BYTE_BGR), "jpeg");
        byte[] gif = written(drawn(300, 200, BufferedImage.TYPE_BYTE_INDEXED), "gif");
        byte[] none = {};
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("text", "<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(ISO_8859_1));
        files.put("1 by 20000", png(1, 20_000, none, deflated(80_000)));
        files.put("16384 by 16384", png(16_384, 16_384, none, deflated(10)));
        files.put("2^31 a side", png(-1, -1, none, deflated(10)));
        files.put("fewer rows than announced", png(100, 100, none, deflated(301 * 50)));
        files.put("half a PNG", Arrays.copyOf(png, png.length / 2));
        files.put("half a JPEG", Arrays.copyOf(jpeg, jpeg.length / 2));
        byte[] ended = Arrays.copyOf(jpeg, jpeg.length / 2);
        ended[ended.length - 2] = (byte) 0xFF;
        ended[ended.length - 1] = (byte) 0xD9;
        files.put("JPEG whose data end early", ended);
        files.put("half a GIF", Arrays.copyOf(gif, gif.length / 2));
        byte[] screen = join("GIF89a".getBytes(ISO_8859_1), bytes(255, 255, 255, 127, 0, 0, 0));
        int[] frame = {44, 0, 0, 0, 0, 255, 255, 255, 127, 0, 2, 2, 76, 1, 0, 59};
        files.put("GIF of 65535 by 32767", join(screen, bytes(frame)));
        files.put("damaged PNG", damaged(png));
        files.put("WebP with a thousand transforms", lossless(4_000, 4_000, 1_000));
        files.put("BMP of 2^31 a side", bmp(Integer.MAX_VALUE, Integer.MAX_VALUE));
        return files;
    }

    /** Stripes and a circle. */
    static BufferedImage drawn(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        Graphics2D graphics = image.createGraphics();
        for (int x = 0; x < width; x += 8) {
            graphics.setColor(new Color(x % 256, 200, 40));
            graphics.fillRect(x, 0, 8, height);
        }
        graphics.setColor(Color.RED);
        graphics.fillOval(width / 4, height / 4, width / 2, height / 2);
        graphics.dispose();
        return image;
    }

    static byte[] written(BufferedImage image, String format) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, file)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    static byte[] progressive(int width, int height) {
        BufferedImage image = drawn(width, height, BufferedImage.TYPE_3BYTE_BGR);
        return jpeg(new IIOImage(image, null, null), true);
    }

    private static byte[] jpeg(IIOImage image, boolean progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            if (progressive) {
                param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            }
            writer.setOutput(out);
            writer.write(null, image, param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private static Raster inks() {
        WritableRaster raster =
                Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 90, 70, 4, null);
        for (int y = 0; y < 70; y++) {
            for (int x = 0; x < 90; x++) {
                raster.setPixel(x, y, new int[] {2 * x, 3 * y, x + y, 255});
            }
        }
        return raster;
    }

    private static byte[] animated() {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int side : List.of(60, 40, 20)) {
                BufferedImage frame = drawn(side, side, BufferedImage.TYPE_BYTE_INDEXED);
                writer.writeToSequence(new IIOImage(frame, null, null), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    /** One colour, from which green has been subtracted so many times: once is what is allowed. */
    private static byte[] lossless(int width, int height, int transforms) {
        byte[] bits = new byte[64 + transforms / 2];
        int[] at = {0};
        put(bits, at, width - 1, 14);
        put(bits, at, height - 1, 14);
        put(bits, at, 0, 4);
        for (int i = 0; i < transforms; i++) {
            put(bits, at, 1 | 2 << 1, 3);
        }
        put(bits, at, 0, 3); // no more transforms, no cache, one set of codes
        for (int code = 0; code < 5; code++) {
            put(bits, at, 1, 3); // of one symbol, which takes one bit
            put(bits, at, 0, 1);
        }
        ByteBuffer out = ByteBuffer.allocate(21 + bits.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF".getBytes(ISO_8859_1)).putInt(13 + bits.length);
        out.put("WEBPVP8L".getBytes(ISO_8859_1)).putInt(1 + bits.length).put((byte) 0x2F);
        byte[] file = out.put(bits).array();
        return Arrays.copyOf(file, file.length + (file.length & 1));
    }

    private static void put(byte[] bits, int[] at, int value, int count) {
        for (int i = 0; i < count; i++, at[0]++) {
            bits[at[0] / 8] |= (byte) ((value >> i & 1) << at[0] % 8);
        }
    }

    private static byte[] damaged(byte[] file) {
        byte[] damaged = file.clone();
        damaged[file.length / 2] ^= 0x10;
        return damaged;
    }

    private static byte[] bmp(int width, int height) {
        ByteBuffer out = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        out.put(bytes('B', 'M')).putInt(200).putInt(0).putInt(54).putInt(40);
        return out.putInt(width).putInt(height).putShort((short) 1).putShort((short) 32).array();
    }

    private static byte[] png(int width, int height, byte[] extra, byte[] data) {
        byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).array();
        header[8] = 8;
        header[9] = 2;
        return join(
                "\u0089PNG\r\n\u001a\n".getBytes(ISO_8859_1),
                chunk("IHDR", header),
                extra,
                chunk("IDAT", data),
                chunk("IEND", bytes(NONE)));
    }

    private static byte[] chunk(String type, byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(content.length + 12);
        out.putInt(content.length).put(type.getBytes(ISO_8859_1)).put(content);
        CRC32 crc = new CRC32();
        crc.update(out.array(), 4, content.length + 4);
        return out.putInt((int) crc.getValue()).array();
    }

    private static byte[] deflated(int zeros) {
        Deflater deflater = new Deflater();
        deflater.setInput(new byte[zeros]);
        deflater.finish();
        byte[] out = new byte[zeros / 100 + 1_000];
        return Arrays.copyOf(out, deflater.deflate(out));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}

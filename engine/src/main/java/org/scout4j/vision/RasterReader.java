package org.scout4j.vision;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;

/**
 * The libraries that decode: the readers of the JDK and TwelveMonkeys' for WebP. They read from
 * memory, hand out samples as stored (colour profiles are not applied) and need no display.
 */
final class RasterReader {
    /**
     * Warnings after which all pixels are there. Any other is taken as damage: readers go on with
     * invented pixels when data end early. (These two are libjpeg's, in no language but English.)
     */
    private static final List<String> HARMLESS =
            List.of("extraneous bytes before marker", "Inconsistent progression sequence");

    private RasterReader() {}

    /** The samples of a PNG file: palette indices stay indices. */
    static Raster png(byte[] file, int length, Allowance allowance) throws IOException {
        return read(jdk("png").createReaderInstance(), file, length, false, allowance);
    }

    /** The palette indices of the first frame of a GIF file. */
    static Raster gif(byte[] file, int length, Allowance allowance) throws IOException {
        return read(jdk("gif").createReaderInstance(), file, length, false, allowance);
    }

    /** The components of a JPEG file as stored: no conversion between colour spaces. */
    static Raster jpeg(byte[] file, int length, Allowance allowance) throws IOException {
        return read(jdk("jpeg").createReaderInstance(), file, length, true, allowance);
    }

    /** Red, green and blue of a WebP file of one lossy image. */
    static Raster webp(byte[] file, Allowance allowance) throws IOException {
        ImageReader reader = new WebPImageReaderSpi().createReaderInstance();
        return read(reader, file, file.length, false, allowance);
    }

    private static Raster read(
            ImageReader reader, byte[] file, int length, boolean unconverted, Allowance allowance)
            throws IOException {
        try (ImageInputStream input = new CheckedInput(file, length, allowance)) {
            List<String> damage = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> {
                if (HARMLESS.stream().noneMatch(warning::contains)) {
                    damage.add(warning);
                }
            });
            reader.addIIOReadProgressListener(new StopListener(allowance));
            reader.setInput(input, true, true);
            Raster raster =
                    unconverted ? reader.readRaster(0, null) : reader.read(0, null).getRaster();
            allowance.check();
            if (!damage.isEmpty()) {
                throw new IOException(damage.getFirst());
            }
            return raster;
        } finally {
            reader.dispose();
        }
    }

    /** The JDK's own reader, whatever else is registered. */
    private static ImageReaderSpi jdk(String format) {
        Iterator<ImageReaderSpi> providers =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (providers.hasNext()) {
            ImageReaderSpi provider = providers.next();
            if (provider.getClass().getModule() == ImageReader.class.getModule()
                    && List.of(provider.getFormatNames()).contains(format)) {
                return provider;
            }
        }
        throw new IllegalStateException("this Java runtime has no reader for " + format);
    }
}

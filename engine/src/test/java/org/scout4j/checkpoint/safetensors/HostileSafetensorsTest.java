package org.scout4j.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.scout4j.checkpoint.GoldenFiles.golden;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scout4j.checkpoint.MappedCheckpoint;
import org.scout4j.checkpoint.Mutation;
import org.scout4j.checkpoint.TokenizerData;
import org.scout4j.error.ScoutException;

/** Damaged files are refused as such, quickly: never another exception, never endless work. */
class HostileSafetensorsTest {
    private static final long SEED = 0x5c008;
    private static final int DAMAGES = 200;
    private static final String[] ABSURD = {
        "0",
        "-1",
        "1",
        "3",
        "2147483647",
        "-2147483648",
        "4294967296",
        "9223372036854775807",
        "99999999999999999999",
        "1e308",
        "-1e308",
        "1e400",
        "1e-400",
        "0.5",
        "NaN",
        "Infinity",
        "null",
        "true",
        "false",
        "\"\"",
        "\"llama\"",
        "[]",
        "[0]",
        "[[]]",
        "[1, null]",
        "{}",
        "{\"rope_type\": \"llama3\"}"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model/scout-tiny",
                "model/maverick-tiny",
                "model/scout-mm-tiny",
                "model/llama-dense-tiny",
                "quantised/scout-tiny-w4a16",
                "quantised/scout-tiny-fp8"
            })
    void damagedHeaders(String model) throws IOException {
        byte[] config = Files.readAllBytes(golden(model).resolve("config.json"));
        byte[] bytes = Files.readAllBytes(golden(model).resolve("model.safetensors"));
        int header = 8 + (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] scratch = bytes.clone();
        SplittableRandom random = new SplittableRandom(SEED);
        long start = System.nanoTime();
        int refused = 0;
        for (int i = 0; i < DAMAGES; i++) {
            Mutation.damage(bytes, scratch, header, random);
            refused += refused(config, scratch, model + " #" + i);
        }
        for (byte[] part : Mutation.truncated(bytes, 60, random)) {
            assertThat(refused(config, part, model + " cut to " + part.length)).isEqualTo(1);
        }
        assertThat(refused).as("most damages are noticed").isGreaterThan(DAMAGES / 3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model/scout-mm-tiny", "model/llama-dense-tiny"})
    void everyValueOfTheConfigurationAbsurd(String model) throws IOException {
        String config = Files.readString(golden(model).resolve("config.json"));
        SafetensorsFiles files = files(model);
        Matcher values =
                Pattern.compile("\": ([^\\[\\{\"][^,\\n]*|\"[^\"]*\"|\\[[^\\]]*\\])")
                        .matcher(config);
        long start = System.nanoTime();
        int changed = 0;
        while (values.find()) {
            for (String absurd : ABSURD) {
                String damaged =
                        config.substring(0, values.start(1))
                                + absurd
                                + config.substring(values.end(1));
                refused(damaged.getBytes(StandardCharsets.UTF_8), files, damaged);
                changed++;
            }
        }
        assertThat(changed).isGreaterThan(10 * ABSURD.length);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void damagedConfigurations() throws IOException {
        byte[] config =
                Files.readAllBytes(golden("quantised/scout-tiny-w4a16").resolve("config.json"));
        byte[] scratch = config.clone();
        SafetensorsFiles files = files("quantised/scout-tiny-w4a16");
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < DAMAGES; i++) {
            Mutation.damage(config, scratch, config.length, random);
            refused(scratch, files, "configuration #" + i);
        }
    }

    private static SafetensorsFiles files(String model) throws IOException {
        byte[] bytes = Files.readAllBytes(golden(model).resolve("model.safetensors"));
        return SafetensorsFiles.of(
                List.of(
                        SafetensorsFile.parse(
                                SafetensorsBytes.FILE, MemorySegment.ofArray(bytes))));
    }

    private static int refused(byte[] config, byte[] weights, String which) {
        try {
            return refused(
                    config,
                    SafetensorsFiles.of(
                            List.of(
                                    SafetensorsFile.parse(
                                            SafetensorsBytes.FILE,
                                            MemorySegment.ofArray(weights)))),
                    which);
        } catch (ScoutException expected) {
            return 1;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(which + ", seed " + SEED, e);
        }
    }

    private static int refused(byte[] config, SafetensorsFiles files, String which) {
        Path named = Path.of("model");
        try (Arena arena = Arena.ofConfined()) {
            MappedCheckpoint.verified(
                    HuggingFaceModel.of(
                            named,
                            ModelConfig.parse(SmallConfig.FILE, config),
                            Optional.empty(),
                            files,
                            new SideFiles(new TokenizerData.None(named), null, null)),
                    arena);
            return 0;
        } catch (ScoutException expected) {
            return 1;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(which + ", seed " + SEED, e);
        }
    }
}

package org.scout4j.tokenizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.scout4j.checkpoint.TokenizerData;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The golden files of the tokenizer, and vocabularies made from them in other formats. */
final class TokenizerFixtures {
    static final JsonMapper JSON = JsonMapper.shared();

    /** Llama 4's tables from {@code tokenizer.model}, loaded once for all tests. */
    static final BytePairModel LLAMA4_MODEL =
            TiktokenFile.read(golden("tokenizer/tokenizer.model"));

    static final BytePairTokenizer LLAMA4 =
            new BytePairTokenizer(LLAMA4_MODEL, TokenizerOptions.DEFAULT);

    static final BytePairTokenizer LLAMA4_WITHOUT_CAP =
            new BytePairTokenizer(LLAMA4_MODEL, new TokenizerOptions(false));

    /** The vocabulary of the embedded model: SmolLM2's, with its control tokens renamed. */
    static final TokenizerData.Gguf SCOUT_NANO = scoutNano();

    private TokenizerFixtures() {}

    static Path golden(String name) {
        try {
            return Path.of(TokenizerFixtures.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<JsonNode> rows(String name) {
        try {
            return Files.readAllLines(golden(name)).stream().map(JSON::readTree).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    /** A row's text: UTF-16 units where it has lone surrogates. */
    static String text(JsonNode row) {
        if (!row.has("utf16")) {
            return row.get("text").stringValue();
        }
        StringBuilder text = new StringBuilder();
        for (int unit : ints(row.get("utf16"))) {
            text.append((char) unit);
        }
        return text.toString();
    }

    /** The special tokens that a row of a vector file lets stand. */
    static Set<String> allowed(JsonNode row, Tokenizer tokenizer) {
        JsonNode allowed = row.get("allowed_special");
        if (allowed.isArray()) {
            Set<String> names = new TreeSet<>();
            allowed.forEach(name -> names.add(name.stringValue()));
            return names;
        }
        return switch (allowed.stringValue()) {
            case "none" -> Set.of();
            case "all" -> tokenizer.special().names();
            default -> throw new IllegalArgumentException(allowed.toString());
        };
    }

    /** All ids and names of Llama 4's special tokens, from the reference. */
    static Map<Integer, String> llama4Specials() {
        Map<Integer, String> names = new HashMap<>();
        try {
            JSON.readTree(Files.readString(golden("tokenizer/special_tokens.json")))
                    .properties()
                    .forEach(entry -> names.put(entry.getValue().intValue(), entry.getKey()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** Llama 4's base tokens in the GPT-2 byte alphabet, by id. */
    static List<String> llama4Tokens() {
        char[] alphabet = byteAlphabet();
        List<String> tokens = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(golden("tokenizer/tokenizer.model"))) {
                byte[] bytes = Base64.getDecoder().decode(line.substring(0, line.indexOf(' ')));
                StringBuilder token = new StringBuilder();
                for (byte each : bytes) {
                    token.append(alphabet[each & 0xFF]);
                }
                tokens.add(token.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tokens;
    }

    /** Llama 4's merges in the order of the ids they make, as the public converter lists them. */
    static List<String> llama4Merges(List<String> tokens) {
        List<String> merges = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            LLAMA4_MODEL
                    .vocabulary()
                    .forEachSplit(
                            id,
                            (left, right) ->
                                    merges.add(tokens.get(left) + " " + tokens.get(right)));
        }
        return merges;
    }

    /** Letter by byte of the GPT-2 alphabet (spec "Tokenizer" §7). */
    static char[] byteAlphabet() {
        char[] alphabet = new char[256];
        char next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value > 0x20 && value < 0x7F) || (value > 0xA0 && value != 0xAD);
            alphabet[value] = printable ? (char) value : next++;
        }
        return alphabet;
    }

    private static TokenizerData.Gguf scoutNano() {
        Path file = Path.of("../models/scout-nano/scout-nano-q4_1-00001-of-00002.gguf");
        Map<String, Object> metadata = GgufMetadata.read(file);
        return new TokenizerData.Gguf(
                file,
                value(metadata, "model", String.class),
                Optional.of(value(metadata, "pre", String.class)),
                list(metadata, "tokens", String.class),
                list(metadata, "token_type", Integer.class),
                list(metadata, "merges", String.class),
                Optional.of(value(metadata, "bos_token_id", Integer.class)),
                Optional.of(value(metadata, "eos_token_id", Integer.class)),
                Optional.of(value(metadata, "eot_token_id", Integer.class)),
                Optional.of(value(metadata, "add_bos_token", Boolean.class)));
    }

    private static <T> T value(Map<String, Object> metadata, String key, Class<T> type) {
        return type.cast(Objects.requireNonNull(metadata.get("tokenizer.ggml." + key), key));
    }

    private static <T> List<T> list(Map<String, Object> metadata, String key, Class<T> element) {
        List<?> values = value(metadata, key, List.class);
        return values.stream().map(element::cast).toList();
    }

    /** Just enough of GGUF to get at the metadata of a file that is known to be good. */
    private static final class GgufMetadata {
        private final ByteBuffer in;

        private GgufMetadata(ByteBuffer in) {
            this.in = in;
        }

        static Map<String, Object> read(Path file) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                ByteBuffer in =
                        channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                                .order(ByteOrder.LITTLE_ENDIAN);
                in.position(16);
                long count = in.getLong();
                GgufMetadata reader = new GgufMetadata(in);
                Map<String, Object> metadata = new HashMap<>();
                for (long i = 0; i < count; i++) {
                    String key = reader.string();
                    metadata.put(key, reader.value(in.getInt()));
                }
                return metadata;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String string() {
            byte[] bytes = new byte[Math.toIntExact(in.getLong())];
            in.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private Object value(int type) {
            return switch (type) {
                case 0, 1 -> (int) in.get();
                case 2, 3 -> (int) in.getShort();
                case 4, 5 -> in.getInt();
                case 6 -> in.getFloat();
                case 7 -> in.get() != 0;
                case 8 -> string();
                case 9 -> {
                    int each = in.getInt();
                    long length = in.getLong();
                    List<Object> values = new ArrayList<>();
                    for (long i = 0; i < length; i++) {
                        values.add(value(each));
                    }
                    yield values;
                }
                case 10, 11 -> in.getLong();
                case 12 -> in.getDouble();
                default -> throw new IllegalArgumentException("GGUF type " + type);
            };
        }
    }

    /**
     * A random text without lone surrogates: code points of many scripts, white space, digits,
     * contractions and pieces of control tokens, some of them repeated.
     */
    static String randomText(SplittableRandom random, int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            String piece =
                    random.nextInt(4) == 0
                            ? Character.toString(randomCodePoint(random))
                            : PIECES.get(random.nextInt(PIECES.size()));
            text.repeat(piece, random.nextInt(8) == 0 ? random.nextInt(1, 12) : 1);
        }
        return text.toString();
    }

    private static int randomCodePoint(SplittableRandom random) {
        while (true) {
            int codePoint =
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x80);
                        case 1 -> random.nextInt(0x3000);
                        case 2 -> random.nextInt(0x10000);
                        default -> random.nextInt(Character.MAX_CODE_POINT + 1);
                    };
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                return codePoint;
            }
        }
    }

    private static final List<String> PIECES =
            List.of(
                    "a",
                    "Z",
                    "the",
                    " The",
                    "HTML",
                    "été",
                    "É",
                    "ſ",
                    "ı",
                    "İ",
                    "ǅ",
                    "ß",
                    "K",
                    "日",
                    "本語",
                    "ก",
                    "น้ำ",
                    "नमस्ते",
                    "ʰ",
                    "\u0301",
                    "\u0308",
                    "\u20DD",
                    "𝔘",
                    "𝕒",
                    "𐐀",
                    "𐐨",
                    "😀",
                    "👩\u200D👧",
                    "0",
                    "42",
                    "2025",
                    "٣",
                    "½",
                    "Ⅷ",
                    "𝟘",
                    " ",
                    "  ",
                    "\t",
                    "\n",
                    "\r\n",
                    "\r",
                    "\u0085",
                    "\u00A0",
                    "\u2003",
                    "\u3000",
                    "\u2028",
                    "\u001C",
                    "\u180E",
                    "\u0000",
                    "!",
                    ".",
                    "...",
                    "/",
                    "//",
                    "\\",
                    "'",
                    "’",
                    "'s",
                    "'S",
                    "'ſ",
                    "'t",
                    "'re",
                    "'RE",
                    "'ve",
                    "'m",
                    "'ll",
                    "'LL",
                    "'lL",
                    "'d",
                    "'x",
                    "'r",
                    "'l",
                    "-",
                    "_",
                    "$",
                    "<|",
                    "|>",
                    "<|eot|>",
                    "<|",
                    "eot",
                    "<|header_start|>",
                    "|");
}

package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scout4j.error.InvalidRequest;

class TokenArraysTest {
    @TempDir private Path directory;

    private Surroundings here(String input) {
        return CommandRun.with().directory(directory).input(input).surroundings();
    }

    @Test
    void readsFilesAndStandardInput() throws IOException {
        Files.writeString(directory.resolve("t.json"), "[[1, 2, 3], [], [202047]]\n");

        assertThat(tokens(TokenArrays.read("t.json", here(""))))
                .containsExactly(new int[] {1, 2, 3}, new int[0], new int[] {202047});
        assertThat(tokens(TokenArrays.read("-", here("[[-1]]")))).containsExactly(new int[] {-1});
        assertThat(TokenArrays.read("-", here("[]"))).isEmpty();
    }

    @Test
    void readsLongPrompts() {
        int[] ids = new int[5000];
        StringBuilder text = new StringBuilder("[[0");
        for (int i = 1; i < ids.length; i++) {
            ids[i] = i;
            text.append(',').append(i);
        }

        assertThat(tokens(TokenArrays.read("-", here(text + "]]")))).containsExactly(ids);
    }

    @Test
    void readsPromptsWithImages() {
        List<TokenArrays.IdPrompt> prompts =
                TokenArrays.read(
                        "-",
                        here(
                                """
                                [[7], {"tokens": [1, 2], "images": ["a.png", "b.png"]},
                                 {"images": [], "tokens": []}, {"tokens": [3]}]
                                """));

        assertThat(tokens(prompts))
                .containsExactly(new int[] {7}, new int[] {1, 2}, new int[0], new int[] {3});
        assertThat(prompts.stream().map(TokenArrays.IdPrompt::images))
                .containsExactly(List.of(), List.of("a.png", "b.png"), List.of(), List.of());
    }

    private static List<int[]> tokens(List<TokenArrays.IdPrompt> prompts) {
        return prompts.stream().map(TokenArrays.IdPrompt::tokens).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5                 | is not an array",
                "{\"a\": [1]}      | is not an array",
                "[1, 2]            | something else than an array as prompt 0",
                "[[1], [2, \"3\"]] | something else than an integer in prompt 1",
                "[[1.0]]           | something else than an integer in prompt 0",
                "[[[1]]]           | something else than an integer in prompt 0",
                "[[99999999999]]   | a number that is no id",
                "[[1]] [[2]]       | goes on after its array",
                "[[1, 2            | is not JSON",
                "nonsense          | is not JSON",
                "[[1,,2]]          | is not JSON",
                "[{}]              | has no \"tokens\" in prompt 0",
                "[{\"images\": [\"a\"]}] | has no \"tokens\" in prompt 0",
                "[[1], {\"tokens\": 5}] | has \"tokens\" that are no array in prompt 1",
                "[{\"tokens\": [1], \"images\": \"a\"}] | has \"images\" that are no array in prompt 0",
                "[{\"tokens\": [1], \"images\": [[]]}] | else than a file's name among the images of prompt 0",
                "[{\"tokens\": [1], \"image\": []}] | has an unknown key in prompt 0: \"image\"",
                "[{\"tokens\": [1], \"tokens\": [2]}] | has \"tokens\" twice in prompt 0",
                "[{\"tokens\": [\"1\"]}] | something else than an integer in prompt 0",
                "[{\"tokens\": [1]   | is not JSON",
                "''                | is not an array",
            })
    void refusesEverythingElse(String text, String message) {
        assertThatThrownBy(() -> TokenArrays.read("-", here(text)))
                .isInstanceOf(InvalidRequest.class)
                .hasMessageStartingWith("Standard input")
                .hasMessageContaining(message);
    }

    @Test
    void namesAMissingFile() {
        assertThatThrownBy(() -> TokenArrays.read("gone.json", here("")))
                .isInstanceOf(InvalidRequest.class)
                .hasMessage("gone.json cannot be read: there is no such file or directory.");
    }
}

package org.scout4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scout4j.error.ModelNotFound;

class ModelLookupTest {
    @TempDir private Path root;
    private Path work;
    private Path home;
    private Path checkout;

    @BeforeEach
    void makePlaces() throws IOException {
        work = Files.createDirectory(root.resolve("work"));
        home = Files.createDirectory(root.resolve("home"));
        checkout = Files.createDirectory(root.resolve("checkout"));
    }

    private CommandRun.Setup setup() {
        return CommandRun.with()
                .directory(work)
                .variable("SCOUT4J_HOME", home.toString())
                .checkout(checkout);
    }

    private static Path model(Path place, String name) throws IOException {
        return Files.createDirectories(place.resolve("models").resolve(name));
    }

    @Test
    void aPathIsTakenAsItIs() throws IOException {
        Path here = Files.createFile(work.resolve("a.gguf"));
        Path absolute = Files.createFile(root.resolve("b.gguf"));

        assertThat(ModelLookup.find("a.gguf", setup().surroundings()))
                .isEqualTo(new ModelLookup(here, false));
        assertThat(ModelLookup.find(absolute.toString(), setup().surroundings()))
                .isEqualTo(new ModelLookup(absolute, false));
    }

    @Test
    void aNameIsLookedUpNearestFirst() throws IOException {
        Path farthest = model(checkout, "m");
        assertThat(ModelLookup.find("m", setup().surroundings()).path()).isEqualTo(farthest);
        Path own = model(home, "m");
        assertThat(ModelLookup.find("m", setup().surroundings()).path()).isEqualTo(own);
        Path near = model(work, "m");
        assertThat(ModelLookup.find("m", setup().surroundings()).path()).isEqualTo(near);
        Path nearest = Files.createDirectory(work.resolve("m"));
        assertThat(ModelLookup.find("m", setup().surroundings()).path()).isEqualTo(nearest);
    }

    @Test
    void theFlagWinsOverTheVariableAndThatOverTheDemonstration() throws IOException {
        model(home, "flag");
        Path variable = model(home, "variable");
        Path demonstration = model(checkout, "scout-nano");
        Surroundings named = setup().variable("SCOUT4J_MODEL", "variable").surroundings();

        assertThat(ModelLookup.find("flag", named).path()).isEqualTo(home.resolve("models/flag"));
        assertThat(ModelLookup.find(null, named)).isEqualTo(new ModelLookup(variable, false));
        assertThat(ModelLookup.find(null, setup().surroundings()))
                .isEqualTo(new ModelLookup(demonstration, true));
    }

    @Test
    void anEmptyVariableIsNone() throws IOException {
        Path demonstration = model(checkout, "scout-nano");

        assertThat(ModelLookup.find(null, setup().variable("SCOUT4J_MODEL", "").surroundings()))
                .isEqualTo(new ModelLookup(demonstration, true));
    }

    @Test
    void everythingTriedIsListed() {
        assertThatThrownBy(() -> ModelLookup.find("org/m", setup().surroundings()))
                .isInstanceOf(ModelNotFound.class)
                .hasMessageContainingAll(
                        "'org/m'",
                        work.resolve("org/m").toString(),
                        work.resolve("models/org/m").toString(),
                        home.resolve("models/org/m").toString(),
                        checkout.resolve("models/org/m").toString());
    }

    @Test
    void anAbsolutePathIsNoName() {
        Path absolute = root.resolve("nothing");

        assertThatThrownBy(() -> ModelLookup.find(absolute.toString(), setup().surroundings()))
                .isInstanceOf(ModelNotFound.class)
                .hasMessage("There is no model '" + absolute + "'. Tried: " + absolute + ".");
    }

    @Test
    void withoutModelAtAllSaysHowToNameOne() {
        CommandRun run = CommandRun.with().directory(work).noCheckout().run("chat", "hi");

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("No model was named", "-m PATH").doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }
}

package org.scout4j.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of docs/ARCHITECTURE.md that a machine can check. It lives here because cli sees every
 * module.
 */
class HouseRulesTest {
    private static final String ROOT = "org.scout4j";
    private static final JavaClasses SCOUT4J =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(ROOT);

    /**
     * A package (with its subpackages, if it ends with {@code ..}) and the packages that it may
     * import beside itself.
     */
    private record Room(String packages, List<String> below) {
        static Room of(String packages, String... below) {
            return new Room(packages, List.of(below));
        }

        String qualified() {
            return qualified(packages);
        }

        String[] reachable() {
            return Stream.concat(Stream.of(packages), below.stream())
                    .map(Room::qualified)
                    .toArray(String[]::new);
        }

        private static String qualified(String packages) {
            return packages.isEmpty() || packages.equals("..")
                    ? ROOT + packages
                    : ROOT + "." + packages;
        }

        @Override
        public String toString() {
            return (packages.isEmpty() ? "the face" : packages) + " → " + below;
        }
    }

    /** From top to bottom; the face is the root package. */
    static List<Room> rooms() {
        return List.of(
                Room.of("eval..", ".."),
                Room.of("cli..", "..", "eval.."),
                Room.of(
                        "server..",
                        "",
                        "chat..",
                        "engine",
                        "sampling..",
                        "tokenizer..",
                        "grammar..",
                        "vision",
                        "error.."),
                Room.of(
                        "",
                        "chat..",
                        "engine..",
                        "scheduler..",
                        "grammar..",
                        "vision..",
                        "model..",
                        "cache..",
                        "backend..",
                        "tokenizer..",
                        "sampling..",
                        "checkpoint..",
                        "tensor..",
                        "error.."),
                Room.of("chat.template..", "error.."),
                Room.of("chat", "chat.template..", "tokenizer..", "checkpoint..", "error.."),
                Room.of("chat.calls..", "chat", "chat.template..", "error.."),
                Room.of(
                        "engine..",
                        "scheduler..",
                        "sampling..",
                        "grammar..",
                        "model..",
                        "vision..",
                        "cache..",
                        "backend..",
                        "tensor..",
                        "error.."),
                Room.of("scheduler..", "cache..", "sampling..", "grammar..", "model", "error.."),
                Room.of("grammar..", "tokenizer..", "error.."),
                Room.of("model..", "cache..", "backend..", "tensor..", "checkpoint..", "error.."),
                Room.of("vision..", "cache..", "backend..", "tensor..", "checkpoint..", "error.."),
                Room.of("cache..", "backend..", "tensor..", "error.."),
                Room.of("backend..", "tensor..", "checkpoint..", "error.."),
                Room.of("tokenizer..", "checkpoint..", "error.."),
                Room.of("checkpoint..", "tensor..", "error.."),
                Room.of("sampling..", "error.."),
                Room.of("tensor..", "error.."),
                Room.of("error.."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rooms")
    void roomImportsOnlyWhatLiesBelow(Room room) {
        noClasses()
                .that()
                .resideInAPackage(room.qualified())
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..")
                                .and(not(resideInAnyPackage(room.reachable()))))
                .allowEmptyShould(true) // rooms that later work builds
                .check(SCOUT4J);
    }

    @Test
    void everyPackageIsARoom() {
        String[] known = rooms().stream().map(Room::qualified).toArray(String[]::new);
        classes().should().resideInAnyPackage(known).check(SCOUT4J);
    }

    @Test
    void schedulerKnowsOfTheModelOnlyWhatAStepComputes() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".scheduler..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.scout4j\\.model\\.(Decoder.*|LanguageModel|Logits)")
                .allowEmptyShould(true)
                .check(SCOUT4J);
    }

    @Test
    void serverKnowsOfTheEngineOnlyHowWorkIsQueuedAndReported() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".server..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "org\\.scout4j\\.engine\\.(?!Dispatch|EngineObserver|EngineStatus|.*Report).*")
                .check(SCOUT4J);
    }

    @Test
    void serverKnowsOfVisionOnlyItsLimits() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".server..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("org\\.scout4j\\.vision\\.(?!ImageLimits).*")
                .check(SCOUT4J);
    }

    /** Below the dialects lies our own form of a request; only one room asks other hosts. */
    @Test
    void helidonStaysInTheChassisAndTheClientWhereImagesAreFetched() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".server")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.helidon..")
                .check(SCOUT4J);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".server.images")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hc..")
                .check(SCOUT4J);
    }

    @Test
    void theRoomOfImagesKnowsTheChassisOnly() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".server.images..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".server.completions..",
                        ROOT + ".server.openai..",
                        ROOT + ".server.openrouter..",
                        ROOT + ".server.request..",
                        ROOT + ".server.observe..")
                .check(SCOUT4J);
    }

    @Test
    void dialectsDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".server.openai..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".server.openrouter..")
                .check(SCOUT4J);
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + ".server.openrouter..",
                        ROOT + ".server.completions..",
                        ROOT + ".server.request..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".server.openai..")
                .check(SCOUT4J);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(SCOUT4J);
    }

    @Test
    void onlyTheVectorBackendUsesTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".backend.vector..", ROOT + ".bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(SCOUT4J);
    }

    @Test
    void onlyBackendsCallNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".backend.machine..", ROOT + ".backend.cuda..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(SCOUT4J);
    }

    @Test
    void theEngineKnowsNoHttpAndNoDatabase() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".server..", ROOT + ".cli..", ROOT + ".eval..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.helidon..",
                        "java.net.http..",
                        "com.sun.net.httpserver..",
                        "java.sql..",
                        "javax.sql..")
                .check(SCOUT4J);
    }

    /** An embedding program gets the JDK, Jackson and a reader of WebP, nothing else. */
    @Test
    void theEngineUsesNoOtherLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".server..", ROOT + ".cli..", ROOT + ".eval..")
                .should()
                .dependOnClassesThat(
                        not(
                                resideInAnyPackage(
                                        ROOT + "..",
                                        "java..",
                                        "javax..",
                                        "jdk..",
                                        "com.sun.management..",
                                        "tools.jackson..",
                                        "com.twelvemonkeys.imageio..", // reads WebP
                                        "com.fasterxml.jackson.annotation..", // Jackson 3 has it
                                        "org.jspecify.annotations..")))
                .check(SCOUT4J);
    }

    /** Its time is not bounded by the length of the text. */
    @Test
    void clientTextMeetsNoRegularExpression() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + ".chat..",
                        ROOT + ".sampling..",
                        ROOT + ".engine..",
                        ROOT + ".tokenizer..",
                        ROOT + ".grammar..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Pattern.class, Matcher.class)
                .orShould()
                .callMethod(String.class, "matches", String.class)
                .orShould()
                .callMethod(String.class, "replaceAll", String.class, String.class)
                .orShould()
                .callMethod(String.class, "replaceFirst", String.class, String.class)
                .check(SCOUT4J);
    }

    /** Flags, environment and files are read in one place and handed down as values. */
    @Test
    void onlyTheCommandReadsTheEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".eval..")
                .should()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(SCOUT4J);
    }

    @Test
    void onlyTheCommandWritesToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".eval..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(SCOUT4J);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(SCOUT4J.stream().map(c -> c.getPackage()).distinct())
                .extracting(JavaPackage::getName, p -> p.isAnnotatedWith(NullMarked.class))
                .allSatisfy(row -> assertThat(row.toList().get(1)).as("%s", row).isEqualTo(true));
    }

    @Test
    void grabBagsAndNoiseNamesAreNotAllowed() {
        classes()
                .should()
                .haveNameNotMatching(".*(Utils?|Helper|Manager|Impl)(\\$.*)?")
                .andShould()
                .haveNameNotMatching(".*\\.Abstract[^.]*")
                .check(SCOUT4J);
    }

    /**
     * Behaviour is put together, not inherited; the closed list of failures is the one exception.
     */
    @Test
    void onlyFailuresInheritFromOwnClasses() {
        classes()
                .that()
                .resideOutsideOfPackage(ROOT + ".error..")
                .should(new InheritsNoOwnClass())
                .check(SCOUT4J);
    }
}

package org.scout4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * The rules of docs/ARCHITECTURE.md that a machine can check. It lives here because cli sees every
 * module.
 */
class HouseRulesTest {
    private static final JavaClasses SCOUT4J =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("org.scout4j");

    @Test
    void roomsOnlyLookDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.scout4j..")
                .withOptionalLayers(true)
                .layer("command")
                .definedBy("org.scout4j.cli..", "org.scout4j.eval..")
                .layer("server")
                .definedBy("org.scout4j.server..")
                .layer("face")
                .definedBy("org.scout4j")
                .layer("text")
                .definedBy("org.scout4j.chat..")
                .layer("engine")
                .definedBy("org.scout4j.engine..")
                .layer("scheduler")
                .definedBy("org.scout4j.scheduler..")
                .layer("model")
                .definedBy("org.scout4j.model..", "org.scout4j.vision..")
                .whereLayer("command")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("server")
                .mayOnlyBeAccessedByLayers("command")
                .whereLayer("face")
                .mayOnlyBeAccessedByLayers("command", "server")
                .whereLayer("text")
                .mayOnlyBeAccessedByLayers("face", "server", "command")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("face", "command")
                .whereLayer("scheduler")
                .mayOnlyBeAccessedByLayers("engine")
                .whereLayer("model")
                .mayOnlyBeAccessedByLayers("face", "engine", "scheduler", "command")
                .check(SCOUT4J);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.scout4j.(*)..").should().beFreeOfCycles().check(SCOUT4J);
    }

    @Test
    void onlyTheVectorBackendUsesTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.scout4j.backend.vector..", "org.scout4j.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(SCOUT4J);
    }

    @Test
    void theEngineKnowsNoHttpAndNoDatabase() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.scout4j.server..", "org.scout4j.cli..", "org.scout4j.eval..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon..", "java.sql..", "javax.sql..")
                .check(SCOUT4J);
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(SCOUT4J.stream().map(c -> c.getPackage()).distinct())
                .allSatisfy(p ->
                        assertThat(p.isAnnotatedWith(NullMarked.class)).as(p.getName()).isTrue());
    }

    @Test
    void utilityGrabBagsAreNotAllowed() {
        classes().should().haveNameNotMatching(".*(Utils?|Helper|Manager|Impl)").check(SCOUT4J);
    }

    @Test
    void onlyTheCommandWritesToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.scout4j.cli..", "org.scout4j.eval..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(SCOUT4J);
    }

    @Test
    void onlyBackendsCallNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.scout4j.backend.machine..", "org.scout4j.backend.cuda..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(SCOUT4J);
    }
}

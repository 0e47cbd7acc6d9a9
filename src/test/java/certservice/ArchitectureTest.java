package certservice;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.Provider;
import java.security.Security;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which room of the house may use which, and who may use a library. */
class ArchitectureTest {

    /** The room, and the rooms that it may import. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry("problem", Set.of()),
            Map.entry("json", Set.of("problem")),
            Map.entry("settings", Set.of()),
            Map.entry("audit", Set.of("settings", "problem")),
            Map.entry("domain", Set.of("problem")),
            Map.entry("apikey", Set.of("audit", "domain", "settings", "problem")),
            Map.entry("challenge", Set.of("domain", "settings", "problem")),
            Map.entry("acme", Set.of("challenge", "domain", "settings", "problem")),
            Map.entry("order", Set.of("acme", "audit", "domain", "settings", "problem")),
            Map.entry("issuance", Set.of("order", "apikey", "audit", "domain", "settings", "json", "problem")),
            Map.entry("admin", Set.of("issuance", "order", "acme", "apikey", "audit", "domain", "challenge", "settings",
                    "json", "problem")));

    static final Set<String> ROOMS = new TreeSet<>(MAY_IMPORT.keySet());

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("certservice");

    @Test
    void hasTheRoomsOfTheTableAndNoOthers() {
        Set<String> rooms = new TreeSet<>();
        for (JavaClass each : HOUSE) {
            String[] names = each.getPackageName().split("\\.");
            if (names.length > 1) {
                rooms.add(names[1]);
            }
        }
        assertThat(rooms).isEqualTo(ROOMS);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void importsOnlyTheRoomsThatTheTableAllows(String room) {
        String[] allowed = Stream.concat(Stream.of(room), MAY_IMPORT.get(room).stream())
                .map(ArchitectureTest::within).toArray(String[]::new);
        noClasses().that().resideInAPackage(within(room))
                .should().dependOnClassesThat(resideInAPackage("certservice..").and(resideOutsideOfPackages(allowed)))
                .check(HOUSE);
    }

    @Test
    void hasNoCircles() {
        slices().matching("certservice.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @ParameterizedTest
    @CsvSource({
            "org.shredzone.acme4j, acme",
            "org.xbill, challenge",
            "org.bouncycastle, issuance",
            "org.flywaydb, admin",
            "org.h2, settings",
            "org.postgresql, settings",
            "com.ibm.icu, domain",
            "crawlercommons, domain",
    })
    void usesALibraryInOneRoomOnly(String library, String room) {
        assertThat(HOUSE.stream().flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .anyMatch(dependency -> dependency.getTargetClass().getPackageName().startsWith(library)))
                .as("the house uses " + library).isTrue();
        noClasses().that().resideOutsideOfPackage(within(room))
                .should().dependOnClassesThat().resideInAPackage(library + "..").check(HOUSE);
    }

    @Test
    void knowsOfJmxInItsOwnRoomOnlyOfWhichNobodyElseKnows() {
        noClasses().that().resideOutsideOfPackage("certservice.admin.jmx")
                .should().dependOnClassesThat(resideInAnyPackage("javax.management..", "java.lang.management..",
                        "certservice.admin.jmx.."))
                .check(HOUSE);
    }

    @Test
    void usesNothingButTheJdkJakartaAndTheBundledLibraries() {
        noClasses().should().dependOnClassesThat(resideOutsideOfPackages("certservice..", "java..", "javax.crypto..",
                "javax.management..", "javax.naming..", "javax.net..", "javax.security.auth..", "javax.sql..",
                "jakarta..", "org.shredzone.acme4j..", "org.xbill..", "org.bouncycastle..", "org.flywaydb.core..",
                "org.h2..", "org.postgresql..", "com.ibm.icu..", "crawlercommons.domains.."))
                .check(HOUSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.glassfish", "org.jboss", "org.hibernate", "org.eclipse.persistence", "fish.payara",
            "com.ibm.ws", "com.ibm.websphere", "io.openliberty", "org.wildfly", "org.apache", "com.sun", "sun"})
    void usesNoClassOfAServerOrOfTheJdksInside(String vendor) {
        noClasses().should().dependOnClassesThat(resideInAnyPackage(vendor + "..")).check(HOUSE);
    }

    /** References such as {@code System::getenv} count too. */
    @Test
    void readsTheProcessEnvironmentInTheSettingsOnly() {
        noClasses().that().resideOutsideOfPackage(within("settings"))
                .should().accessTargetWhere(target(owner(type(System.class))).and(target(nameMatching(
                        "getProperty|getProperties|setProperty|setProperties|clearProperty|getenv"))))
                .check(HOUSE);
    }

    @Test
    void registersNoSecurityProviderAndChangesNoGlobalDefault() {
        noClasses().should().callMethod(Security.class, "addProvider", Provider.class)
                .orShould().callMethod(Security.class, "insertProviderAt", Provider.class,
                        int.class)
                .orShould().callMethod(Security.class, "setProperty", String.class, String.class)
                .check(HOUSE);
    }

    private static String within(String room) {
        return "certservice." + room + "..";
    }
}

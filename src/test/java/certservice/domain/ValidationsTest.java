package certservice.domain;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.TestDatabase;
import certservice.domain.Validations.Ended;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("certservice.TestDatabase#each")
class ValidationsTest {

    private static final Instant FIRST = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant THEN = Instant.parse("2026-11-02T00:00:00Z");

    @Parameter
    TestDatabase database;

    @BeforeEach
    void prepare() {
        database.clear();
        database.inTransaction(entityManager -> {
            entityManager.persist(new Domain(DomainName.of("example.com"), true, "http-01", null));
            entityManager.persist(new Domain(DomainName.of("example.org"), false, "http-01", null));
        });
    }

    @Test
    void putsDownWhatBecameOfNamesBelowADomain() {
        ended(FIRST, valid("a.b.example.com"));
        DomainValidation known = known().get("example.com");
        assertThat(known.lastValid()).contains(FIRST);
        assertThat(known.lastInvalid()).isEmpty();
        assertThat(known.detail()).isEmpty();
    }

    @Test
    void keepsTheLastOfEachKind() {
        ended(FIRST, valid("www.example.com"), refused("example.com", "no A record"));
        ended(THEN, valid("example.com"));
        DomainValidation known = known().get("example.com");
        assertThat(known.lastValid()).contains(THEN);
        assertThat(known.lastInvalid()).contains(FIRST);
        assertThat(known.detail()).contains("example.com: no A record");
    }

    @Test
    void passesOverDomainsThatDoNotPermitTheName() {
        ended(FIRST, valid("www.example.org"), valid("example.net"));
        assertThat(known()).isEmpty();
    }

    @Test
    void cutsWhatIsTooLongForTheColumn() {
        ended(FIRST, refused("example.org", "x\0".repeat(2000)));
        assertThat(known().get("example.org").detail().orElseThrow()).hasSize(1000).startsWith("example.org: x x");
    }

    @Test
    void forgetsADomainThatIsRemoved() {
        ended(FIRST, valid("example.org"));
        database.inTransaction(entityManager -> ValidationsOfTests.in(entityManager)
                .forget(DomainName.of("example.org")));
        assertThat(known()).isEmpty();
    }

    private static Ended valid(String name) {
        return new Ended(DomainName.of(name), null);
    }

    private static Ended refused(String name, String why) {
        return new Ended(DomainName.of(name), why);
    }

    private void ended(Instant now, Ended... names) {
        database.inTransaction(entityManager -> ValidationsOfTests.in(entityManager).ended(List.of(names), now));
    }

    private Map<String, DomainValidation> known() {
        return database.transactionally(entityManager -> ValidationsOfTests.in(entityManager)
                .of(List.of("example.com", "example.org", "example.net")));
    }
}

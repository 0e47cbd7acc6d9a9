package certservice.incontainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.acme.AcmeAccounts;
import certservice.apikey.ApiKey;
import certservice.apikey.ApiKeyGuid;
import certservice.apikey.ApiKeys;
import certservice.apikey.Caller;
import certservice.apikey.Refusal;
import certservice.domain.Domain;
import certservice.domain.DomainName;
import certservice.domain.Environment;
import certservice.harness.BuildDirectory;
import certservice.harness.ImportFile;
import certservice.order.OrderEngine;
import certservice.order.OrdersOfTests;
import certservice.problem.Failure;
import certservice.problem.Problem;
import certservice.settings.MasterKey;
import certservice.settings.MasterKeys;
import certservice.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.UserTransaction;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.assertj.core.api.Assertions;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only a server can show, inside it: our own WAR with this class added, on Payara Micro or on WildFly. */
@ExtendWith(ArquillianExtension.class)
class InContainerIT {

    private static final String KEY = "0f8fad5b-d9cb-469f-a165-70867728950e";
    private static final URI DIRECTORY = URI.create("https://ca.example/directory");

    @Inject
    Settings settings;

    @Inject
    MasterKey masterKey;

    @Inject
    ApiKeys apiKeys;

    @Inject
    AcmeAccounts accounts;

    @Inject
    OrderEngine engine;

    @Inject
    UserTransaction transaction;

    @PersistenceContext
    EntityManager entityManager;

    @Resource(lookup = "java:app/jdbc/certservice")
    DataSource dataSource;

    @Resource
    ManagedExecutorService executor;

    /** Runs outside, before the service starts: its settings name these files. */
    @Deployment
    static WebArchive war() throws IOException {
        Path directory = BuildDirectory.fresh("incontainer");
        Files.createDirectory(directory.resolve("tmp"));
        new ImportFile().subdomainsOf("example.com").exactly("other.example")
                .apiKey("portal", KEY, "example.com").writeTo(directory.resolve("import.json"));
        File assertJ = new File(Assertions.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        return ShrinkWrap.createFromZipFile(WebArchive.class, BuildDirectory.war().toFile())
                .addClasses(InContainerIT.class, OrdersOfTests.class, MasterKeys.class).addAsLibrary(assertJ);
    }

    @Test
    void readsTheSettingsFromSystemProperties() {
        assertThat(settings.dataDirectory()).endsWith(Path.of("incontainer", "data"));
        assertThat(settings.importFile()).isPresent();
        assertThat(settings.acmeTermsAgreed()).isFalse();
    }

    @Test
    void keepsTheDatabaseAndTheMasterKeyInTheDataDirectory() throws Exception {
        try (Connection connection = dataSource.getConnection()) {
            assertThat(connection.getMetaData().getURL()).contains(settings.dataDirectory().toString());
            assertThat(connection.getMetaData().getDatabaseProductVersion()).as("our H2, not the server's")
                    .startsWith("2.5");
        }
        try (Stream<Path> files = Files.list(settings.dataDirectory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("certservice.mv.db", "master.key");
        }
    }

    @Test
    void hasTheWholeSchemaFromFlyway() throws Exception {
        try (Connection connection = dataSource.getConnection();
             ResultSet failed = connection.createStatement().executeQuery(
                     "select count(*), count(case when not \"success\" then 1 end) from \"flyway_schema_history\"")) {
            failed.next();
            assertThat(failed.getInt(1)).isPositive();
            assertThat(failed.getInt(2)).isZero();
        }
    }

    @Test
    void knowsTheKeyOfTheImportFileAndItsDomains() {
        Caller caller = (Caller) apiKeys.identify(ApiKeyGuid.parse(KEY).orElseThrow(), "192.0.2.1");
        assertThat(caller.label()).isEqualTo("portal");
        assertThat(apiKeys.identify(ApiKeyGuid.random(), "192.0.2.1")).isInstanceOf(Refusal.class);
        List<DomainName> names = List.of(DomainName.of("www.example.com"), DomainName.of("other.example"));
        assertThat(apiKeys.associated(caller, names))
                .extracting(Domain::name).containsExactly(DomainName.of("example.com"));
    }

    @Test
    void readsAndWritesThroughTheServersPersistenceProvider() {
        Class<?> provider = entityManager.getDelegate().getClass();
        assertThat(provider.getName()).matches("org\\.(eclipse\\.persistence|hibernate)\\..+");
        assertThat(provider.getClassLoader()).as("not the WAR's").isNotEqualTo(getClass().getClassLoader());
    }

    @Test
    void storesNothingOfATransactionThatIsRolledBack() throws Exception {
        transaction.begin();
        entityManager.persist(new Domain(DomainName.of("rolled-back.example"), false, "http-01", null));
        entityManager.flush();
        transaction.rollback();
        assertThat(named("rolled-back.example")).isEmpty();
    }

    @Test
    void storesWhatIsCommitted() throws Exception {
        transaction.begin();
        entityManager.persist(new Domain(DomainName.of("committed.example"), false, "http-01", null));
        transaction.commit();
        assertThat(named("committed.example")).hasSize(1);
    }

    @Test
    void refusesASecondRowOfTheSameName() throws Exception {
        transaction.begin();
        entityManager.persist(new Domain(DomainName.of("example.com"), false, "http-01", null));
        assertThatThrownBy(transaction::commit).isNotNull();
        assertThat(named("example.com")).hasSize(1);
    }

    /** As two nodes do that get the first request at the same moment. */
    @Test
    void leavesOneAccountWhenTwoAreCreatedAtOnce() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<Boolean>> creations = Stream.of(1, 2).map(node -> executor.submit(() -> {
            start.await();
            try {
                accounts.create(Environment.STAGING, DIRECTORY, masterKey);
                return true;
            } catch (EJBException secondComesTooLate) {
                return false;
            }
        })).toList();
        assertThat(List.of(creations.get(0).get(), creations.get(1).get())).containsExactlyInAnyOrder(true, false);
        assertThat(accounts.find(Environment.STAGING, DIRECTORY)).isPresent();
        assertThat(entityManager.createQuery("select count(a) from AcmeAccount a where a.directoryUrl = :directory")
                .setParameter("directory", DIRECTORY.toString()).getSingleResult()).isEqualTo(1L);
    }

    /** Ends before anything is sent, since nobody has agreed to the CA's terms. */
    @Test
    void worksOnAnOrderOnItsOwnThreadsAndKeepsWhyItFailed() throws Exception {
        String batch = engine.enter(OrdersOfTests.plan(keyId(), "failing.example.com"), () -> { },
                () -> CompletableFuture.completedFuture(List.of(OrdersOfTests.keyAndCsr()))).get();
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> engine.outcome(batch).get())
                .havingCause().isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.problems())
                        .extracting(Problem::type).containsExactly("urn:ietf:params:acme:error:userActionRequired"));
        assertThat(entityManager.createQuery("select o.problems from CertificateOrder o"
                        + " where o.names = 'failing.example.com' and o.status = certservice.order.OrderStatus.FAILED",
                String.class).getSingleResult()).contains("has not agreed to the CA's terms of service");
    }

    private String keyId() {
        return entityManager.createQuery("select k from ApiKey k where k.label = 'portal'", ApiKey.class)
                .getSingleResult().id();
    }

    private List<Domain> named(String name) {
        return entityManager.createQuery("select d from Domain d where d.name = :name", Domain.class)
                .setParameter("name", name).getResultList();
    }
}

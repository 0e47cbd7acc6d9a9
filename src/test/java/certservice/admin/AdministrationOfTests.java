package certservice.admin;

import certservice.TestDatabase;
import certservice.apikey.KeyUsesOfTests;
import certservice.audit.AuditTrails;
import certservice.challenge.ChallengesOfTests;
import certservice.domain.ValidationsOfTests;
import certservice.order.OrdersOfTests;
import certservice.order.Revocations;
import certservice.problem.Failure;
import certservice.settings.MasterKeys;
import jakarta.persistence.EntityManager;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The administration's beans as the container would make them; each call is in a transaction of its own. */
record AdministrationOfTests(TestDatabase database) {

    static final Administrator ALICE = new Administrator("alice", "192.0.2.1", "rest");

    <T> T keys(Function<ApiKeyAdministration, T> call) {
        return database.transactionally(entityManager -> call.apply(keys(entityManager)));
    }

    <T> T domains(Function<DomainAdministration, T> call) {
        return database.transactionally(entityManager -> call.apply(domains(entityManager)));
    }

    <T> T providers(Function<DnsProviderAdministration, T> call) {
        return database.transactionally(entityManager -> call.apply(providers(entityManager)));
    }

    <T> T orders(Function<OrderAdministration, T> call) {
        return database.transactionally(entityManager -> {
            OrderAdministration orders = new OrderAdministration();
            orders.entityManager = entityManager;
            orders.engine = OrdersOfTests.engine(database, entityManager::clear);
            orders.labels = labels(entityManager);
            return call.apply(orders);
        });
    }

    /** @param revocations what the CA does, given whom to tell that it was done */
    <T> T certificates(Function<Runnable, Revocations> revocations, Function<CertificateAdministration, T> call) {
        return database.transactionally(entityManager -> {
            CertificateAdministration certificates = new CertificateAdministration();
            certificates.entityManager = entityManager;
            certificates.certificates = OrdersOfTests.certificates(entityManager);
            certificates.revocations = revocations.apply(entityManager::clear);
            certificates.labels = labels(entityManager);
            return call.apply(certificates);
        });
    }

    <T> T audit(Function<AuditAdministration, T> call) {
        return database.transactionally(entityManager -> {
            AuditAdministration audit = new AuditAdministration();
            audit.log = AuditTrails.log(entityManager);
            audit.masterKey = AuditTrails.MASTER_KEY;
            audit.dataSource = database.dataSource();
            return call.apply(audit);
        });
    }

    private static KeyLabels labels(EntityManager entityManager) {
        KeyLabels labels = new KeyLabels();
        labels.entityManager = entityManager;
        return labels;
    }

    private static ApiKeyAdministration keys(EntityManager entityManager) {
        ApiKeyAdministration keys = new ApiKeyAdministration();
        keys.entityManager = entityManager;
        keys.uses = KeyUsesOfTests.in(entityManager);
        keys.audit = AuditTrails.of(entityManager);
        return keys;
    }

    private static DomainAdministration domains(EntityManager entityManager) {
        DomainAdministration domains = new DomainAdministration();
        domains.entityManager = entityManager;
        domains.validations = ValidationsOfTests.in(entityManager);
        domains.proofs = proofs(entityManager);
        domains.audit = AuditTrails.of(entityManager);
        return domains;
    }

    static DomainProofs proofs(EntityManager entityManager) {
        DomainProofs proofs = new DomainProofs();
        proofs.dnsProviders = ChallengesOfTests.dnsProviders(entityManager, MasterKeys.of(1));
        proofs.solvers = ChallengesOfTests.solvers();
        return proofs;
    }

    private static DnsProviderAdministration providers(EntityManager entityManager) {
        DnsProviderAdministration providers = new DnsProviderAdministration();
        providers.entityManager = entityManager;
        providers.providers = ChallengesOfTests.dnsProviders(entityManager, MasterKeys.of(1));
        providers.audit = AuditTrails.of(entityManager);
        return providers;
    }

    /** Without the ids of keys. */
    List<String> recorded() {
        return database.transactionally(entityManager -> {
            List<?> rows = entityManager.createNativeQuery("select action, actor_name, address, names,"
                    + " detail from audit_entry order by entry_number").getResultList();
            return rows.stream().map(row -> Arrays.stream((Object[]) row).map(String::valueOf)
                    .collect(Collectors.joining(" ")).replaceAll(" \\([-0-9a-f]{36}\\)", "")).toList();
        });
    }

    static void assertFails(int status, String message, ThrowingCallable call) {
        Assertions.assertThatExceptionOfType(Failure.class).isThrownBy(call)
                .satisfies(failure -> Assertions.assertThat(failure.status()).isEqualTo(status))
                .withMessageContaining(message);
    }
}

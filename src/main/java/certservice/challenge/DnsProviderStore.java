package certservice.challenge;

import certservice.problem.DatabaseGuard;
import certservice.settings.MasterKey;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Optional;

/** The stored DNS providers of all nodes. */
@Stateless
@Interceptors(DatabaseGuard.class)
public class DnsProviderStore {

    @PersistenceContext
    EntityManager entityManager;

    public Optional<DnsProvider> find(String name) {
        return Optional.ofNullable(entityManager.find(DnsProvider.class, name));
    }

    public void save(String name, String type, JsonObject settings, MasterKey masterKey) {
        find(name).ifPresentOrElse(
                provider -> provider.configure(type, settings, masterKey),
                () -> entityManager.persist(new DnsProvider(name, type, settings, masterKey)));
        entityManager.flush();
    }
}

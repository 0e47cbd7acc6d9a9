package certservice.challenge;

import certservice.problem.DatabaseGuard;
import certservice.settings.MasterKey;
import jakarta.ejb.Stateless;
import jakarta.interceptor.Interceptors;
import jakarta.json.JsonObject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
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

    /** As {@link #find}; until the end of the transaction nobody else changes or removes it. */
    public Optional<DnsProvider> hold(String name) {
        return Optional.ofNullable(entityManager.find(DnsProvider.class, name, LockModeType.PESSIMISTIC_WRITE));
    }

    /** Adds a provider, or changes the one of that name if anything is different. */
    public Change save(String name, String type, JsonObject settings, MasterKey masterKey) {
        Optional<DnsProvider> there = find(name);
        if (there.isPresent() && there.get().isConfigured(type, settings, masterKey)) {
            return Change.NONE;
        }
        there.ifPresentOrElse(
                provider -> provider.configure(type, settings, masterKey),
                () -> entityManager.persist(new DnsProvider(name, type, settings, masterKey)));
        entityManager.flush();
        return there.isPresent() ? Change.CHANGED : Change.CREATED;
    }
}

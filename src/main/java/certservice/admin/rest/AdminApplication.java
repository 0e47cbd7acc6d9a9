package certservice.admin.rest;

import certservice.problem.RequestId;
import certservice.problem.RequestLog;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/** The administration lives below {@code /admin/api}. What is not listed here is not part of it, on no server. */
@ApplicationPath("/admin/api")
public class AdminApplication extends Application {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(RequestId.class, RequestLog.class, AdministratorFilter.class, NoStore.class,
                AdminFailureMapper.class,
                KeysResource.class, DomainsResource.class, DnsProvidersResource.class, OrdersResource.class,
                IssuedResource.class, AccountsResource.class, AuditResource.class, SystemResource.class);
    }

    /** As for the public API: the audit log must leave as it is read. */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.headers.location.relative.resolution.disabled", true,
                "jersey.config.server.contentLength.buffer", 0);
    }
}

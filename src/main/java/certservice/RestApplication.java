package certservice;

import certservice.admin.HealthResource;
import certservice.apikey.ApiKeyFilter;
import certservice.issuance.CertificateResource;
import certservice.issuance.CertificatesResource;
import certservice.issuance.OrderResource;
import certservice.problem.FailureMapper;
import certservice.problem.RequestId;
import certservice.problem.RequestLog;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;
import java.util.Set;

/**
 * The REST API lives below {@code /api}. What is not listed here is not part of it, on no server: the administration is
 * an application of its own.
 */
@ApplicationPath("/api")
public class RestApplication extends Application {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(RequestId.class, RequestLog.class, ApiKeyFilter.class, FailureMapper.class,
                CertificateResource.class, CertificatesResource.class, OrderResource.class, HealthResource.class);
    }

    /**
     * What Jersey, in Payara and GlassFish, would do otherwise than other servers: it would make {@code Location}
     * absolute, with an address that only the proxy before it should know, and hold a result back until it is complete,
     * so that nobody could tell whether its caller is still there.
     */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.headers.location.relative.resolution.disabled", true,
                "jersey.config.server.contentLength.buffer", 0);
    }
}

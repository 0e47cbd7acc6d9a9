package certservice.problem;

import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.InvocationContext;

/**
 * Turns the database's trouble into a 503 where it arises. Servers write a page about every other exception that leaves
 * an EJB; a bean that writes flushes, so that the trouble arises here and not at the commit.
 */
public class DatabaseGuard {

    @AroundInvoke
    Object guard(InvocationContext call) throws Exception {
        try {
            return call.proceed();
        } catch (RuntimeException e) {
            throw Outage.in(e).map(RuntimeException.class::cast).orElse(e);
        }
    }
}

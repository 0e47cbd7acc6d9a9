package certservice.admin.jmx;

import certservice.admin.Administrator;
import java.lang.reflect.Method;
import java.security.AccessController;
import java.security.Principal;
import java.util.Comparator;
import java.util.Optional;
import javax.security.auth.Subject;

/** Who calls an MBean, as far as the server's management connection tells; where it doesn't, {@code jmx}. */
final class Caller {

    private static final String FACE = "jmx";

    private Caller() {
    }

    static Administrator now() {
        return new Administrator(subject().flatMap(Caller::name).orElse(FACE), null, FACE);
    }

    /** The user's name; servers put the groups beside it. */
    static Optional<String> name(Subject subject) {
        return subject.getPrincipals().stream().filter(each -> each.getName() != null && !each.getName().isBlank())
                .min(Comparator.comparing(Caller::isGroup)).map(Principal::getName);
    }

    private static boolean isGroup(Principal principal) {
        String type = principal.getClass().getSimpleName();
        return type.contains("Group") || type.contains("Role");
    }

    /** {@code Subject.current}, which the older way is gone for, is there from Java 18 on. */
    private static Optional<Subject> subject() {
        try {
            Method current = Subject.class.getMethod("current");
            return Optional.ofNullable((Subject) current.invoke(null));
        } catch (NoSuchMethodException java17) {
            return Optional.ofNullable(olderSubject());
        } catch (ReflectiveOperationException | RuntimeException unknown) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("removal")
    private static Subject olderSubject() {
        return Subject.getSubject(AccessController.getContext());
    }
}

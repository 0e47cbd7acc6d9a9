package certservice.admin.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.Administrator;
import java.security.Principal;
import java.security.PrivilegedAction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;
import org.junit.jupiter.api.Test;

class CallerTest {

    record GroupPrincipal(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    @Test
    void isJmxWhereTheServerTellsNobody() {
        assertThat(Caller.now()).isEqualTo(new Administrator("jmx", null, "jmx"));
    }

    @Test
    @SuppressWarnings("removal")
    void isTheUserThatTheServerTells() {
        Administrator caller = Subject.doAs(subject(new JMXPrincipal("alice")),
                (PrivilegedAction<Administrator>) Caller::now);

        assertThat(caller).isEqualTo(new Administrator("alice", null, "jmx"));
    }

    @Test
    void isNoGroup() {
        assertThat(Caller.name(subject(new GroupPrincipal("admins"), new JMXPrincipal("alice")))).contains("alice");
        assertThat(Caller.name(subject())).isEmpty();
    }

    private static Subject subject(Principal... principals) {
        return new Subject(false, new LinkedHashSet<>(List.of(principals)), Set.of(), Set.of());
    }
}

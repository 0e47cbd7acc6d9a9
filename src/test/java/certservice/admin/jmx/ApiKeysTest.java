package certservice.admin.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.Administrator;
import certservice.admin.ApiKeyAdministration;
import certservice.admin.ApiKeyChange;
import certservice.admin.ApiKeyDetails;
import certservice.admin.NewApiKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.management.ImmutableDescriptor;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

    private static final String TEXT = String.class.getName();
    private static final Administrator JMX = new Administrator("jmx", null, "jmx");

    private final RecordingKeys recorded = new RecordingKeys();
    private final DescribedBean bean = new DescribedBean(new ApiKeys(recorded), ImmutableDescriptor.EMPTY_DESCRIPTOR);

    /** Writes down what it is asked for. */
    private static final class RecordingKeys extends ApiKeyAdministration {
        private final List<Object> calls = new ArrayList<>();

        @Override
        public NewApiKey create(ApiKeyChange wanted, Administrator by) {
            calls.addAll(List.of(wanted, by));
            return new NewApiKey(details(wanted.label()), "the-guid");
        }

        @Override
        public NewApiKey rotate(String id, Duration overlap, Long version, Administrator by) {
            calls.addAll(List.of(id, overlap, by));
            return new NewApiKey(details(id), "another-guid");
        }

        @Override
        public void delete(String id, Long version, Administrator by) {
            calls.addAll(List.of(id, by));
        }

        private static ApiKeyDetails details(String label) {
            return new ApiKeyDetails("1", label, true, null, List.of("example.com"), List.of(), List.of(), List.of(),
                    null, 0, Instant.EPOCH, null, null, 1);
        }
    }

    @Test
    void makesAKeyAndTellsItsGuid() throws Exception {
        CompositeData made = (CompositeData) bean.invoke("create", new Object[] {"web", "example.com example.org"},
                new String[] {TEXT, TEXT});

        assertThat(made.get("guid")).isEqualTo("the-guid");
        assertThat(((CompositeData) made.get("details")).get("label")).isEqualTo("web");
        assertThat(recorded.calls).containsExactly(new ApiKeyChange("web", true, null,
                List.of("example.com", "example.org"), List.of(), List.of(), List.of(), null), JMX);
    }

    @Test
    void makesAKeyWithLimits() throws Exception {
        bean.invoke("create", new Object[] {"web", "2027-01-31T00:00:00Z", "example.com", "10.0.0.0/8,::1", "staging",
            "classic", 50}, new String[] {TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, "int"});

        assertThat(recorded.calls).containsExactly(new ApiKeyChange("web", true,
                Instant.parse("2027-01-31T00:00:00Z"), List.of("example.com"), List.of("10.0.0.0/8", "::1"),
                List.of("staging"), List.of("classic"), 50), JMX);
    }

    @Test
    void rotatesWithAnOverlap() throws Exception {
        CompositeData made = (CompositeData) bean.invoke("rotate", new Object[] {" 1 ", "P7D"},
                new String[] {TEXT, TEXT});

        assertThat(made.get("guid")).isEqualTo("another-guid");
        assertThat(recorded.calls).containsExactly("1", Duration.ofDays(7), JMX);
    }

    @Test
    void deletes() throws Exception {
        assertThat(bean.invoke("delete", new Object[] {"1"}, new String[] {TEXT})).isNull();
        assertThat(recorded.calls).containsExactly("1", JMX);
    }
}

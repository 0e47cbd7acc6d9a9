package certservice.admin.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import certservice.admin.ApiKeyDetails;
import certservice.admin.Page;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;

/** What clients without our classes see of our values. */
class OpenMappingTest {

    enum Colour { RED }

    record Inner(String name, Instant moment) {
    }

    record Outer(String text, boolean yes, Boolean maybe, int number, Integer perhaps, long count, Instant moment,
                 LocalDate day, Duration length, Colour colour, List<String> names, List<Inner> inners, Inner inner,
                 Map<String, String> settings) {
    }

    interface Results {
        Page<Inner> page();

        List<Inner> list();

        Object anything();
    }

    private static final Instant MOMENT = Instant.parse("2027-01-31T00:00:00Z");

    @Test
    void makesCompositesOfRecordsAndOfWhatIsInThem() {
        OpenMapping mapping = OpenMapping.of(Outer.class);
        CompositeData data = (CompositeData) mapping.open(new Outer("a", true, null, 1, 2, 3, MOMENT,
                LocalDate.of(2027, 1, 31), Duration.ofDays(7), Colour.RED, List.of("b", "c"),
                List.of(new Inner("d", MOMENT)), new Inner("e", null), Map.of("f", "g")));

        assertThat(mapping.type().isValue(data)).isTrue();
        assertThat(data.getAll(new String[] {"text", "yes", "maybe", "number", "perhaps", "count", "moment", "day",
            "length", "colour"})).containsExactly("a", true, null, 1, 2, 3L, "2027-01-31T00:00:00Z", "2027-01-31",
                    "PT168H", "RED");
        assertThat((String[]) data.get("names")).containsExactly("b", "c");
        assertThat(((CompositeData[]) data.get("inners"))[0].get("moment")).isEqualTo("2027-01-31T00:00:00Z");
        assertThat(((CompositeData) data.get("inner")).get("name")).isEqualTo("e");
        assertThat(((TabularData) data.get("settings")).get(new Object[] {"f"}).get("value")).isEqualTo("g");
    }

    @Test
    void leavesNullWhereItIs() {
        CompositeData data = (CompositeData) OpenMapping.of(Outer.class).open(new Outer(null, false, null, 0, null, 0,
                null, null, null, null, null, Arrays.asList((Inner) null), null, null));

        assertThat(data.get("text")).isNull();
        assertThat(data.get("names")).isNull();
        assertThat((CompositeData[]) data.get("inners")).containsExactly((CompositeData) null);
        assertThat(data.get("settings")).isNull();
        assertThat(OpenMapping.of(Outer.class).open(null)).isNull();
    }

    @Test
    void fillsInTypesOfGenericRecords() throws Exception {
        CompositeData data = (CompositeData) OpenMapping.of(result("page"))
                .open(new Page<>(List.of(new Inner("a", MOMENT)), 7));

        assertThat(data.get("total")).isEqualTo(7L);
        assertThat(((CompositeData[]) data.get("items"))[0].get("name")).isEqualTo("a");
    }

    @Test
    void makesArraysOfLists() throws Exception {
        OpenMapping mapping = OpenMapping.of(result("list"));

        assertThat((CompositeData[]) mapping.open(List.of())).isEmpty();
        assertThat(mapping.type().isValue(mapping.open(List.of(new Inner("a", null))))).isTrue();
    }

    @Test
    void describesEachItemInWords() {
        OpenType<?> type = OpenMapping.of(ApiKeyDetails.class).type();

        assertThat(type.getTypeName()).isEqualTo("ApiKeyDetails");
        assertThat(((CompositeType) type).getDescription("requestsPerDay"))
                .isEqualTo("requests per day");
        assertThat(OpenMapping.of(void.class).type()).isEqualTo(SimpleType.VOID);
    }

    @Test
    void refusesTypesThatClientsWouldNeedOurClassesFor() throws Exception {
        Type anything = result("anything");

        assertThatThrownBy(() -> OpenMapping.of(anything)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Type result(String method) throws NoSuchMethodException {
        return Results.class.getDeclaredMethod(method).getGenericReturnType();
    }
}

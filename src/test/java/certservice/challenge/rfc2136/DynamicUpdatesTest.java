package certservice.challenge.rfc2136;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import certservice.challenge.Named;
import certservice.challenge.RecordEditor;
import certservice.challenge.Refusal;
import certservice.challenge.ScriptedDns;
import certservice.challenge.TxtRecord;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** Against a real BIND. */
class DynamicUpdatesTest {

    private static final String WRONG_SECRET =
            Base64.getEncoder().encodeToString("another-secret-of-32-characters!".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    static Path directory;

    private static Named named;

    @BeforeAll
    static void startNamed() throws Exception {
        assumeTrue(Named.installed(), "named (BIND 9) is not installed");
        for (String zone : List.of("example.test", "other.test", "closed.test", "partial.test")) {
            Named.zoneFile(directory, zone, 3600, false, "_acme-challenge.www TXT \"foreign\"\n");
        }
        named = Named.start(directory, "127.0.0.1", Named.freePort("127.0.0.1"), """
                zone "example.test" { type primary; file "example.test.zone";
                  update-policy { grant acme-key wildcard *.example.test. TXT; }; };
                zone "other.test" { type primary; file "other.test.zone";
                  update-policy { grant acme-key wildcard *.other.test. TXT; }; };
                zone "closed.test" { type primary; file "closed.test.zone"; };
                zone "partial.test" { type primary; file "partial.test.zone";
                  update-policy { grant acme-key wildcard *.ok.partial.test. TXT; }; };
                """, "example.test", "other.test", "closed.test", "partial.test");
    }

    @AfterAll
    static void stopNamed() {
        if (named != null) {
            named.close();
        }
    }

    private static RecordEditor editor(JsonObject settings) {
        return new Rfc2136Kind().open(settings);
    }

    private static RecordEditor editorWith(String setting, String value) {
        return editor(Json.createObjectBuilder(named.settings()).add(setting, value).build());
    }

    private static TxtRecord record(String domain, String value) {
        return new TxtRecord("_acme-challenge." + domain, value);
    }

    @Test
    void addsAndRemovesTwoValuesUnderOneNameInOneUpdate() throws Exception {
        RecordEditor editor = editor(named.settings());
        List<TxtRecord> both = List.of(record("two.example.test", "one"), record("two.example.test", "two"));
        long before = updates("example.test");
        assertThat(editor.add(both)).isEmpty();
        assertThat(named.txt("_acme-challenge.two.example.test")).containsExactly("one", "two");
        assertThat(updates("example.test") - before).isEqualTo(1);
        assertThat(editor.remove(both)).isEmpty();
        assertThat(named.txt("_acme-challenge.two.example.test")).isEmpty();
    }

    /** BIND raises the serial once for each update message that changes a zone. */
    private static long updates(String zone) throws Exception {
        return named.serial(zone);
    }

    @Test
    void leavesForeignValuesAlone() throws Exception {
        RecordEditor editor = editor(named.settings());
        assertThat(editor.add(List.of(record("www.example.test", "ours")))).isEmpty();
        assertThat(named.txt("_acme-challenge.www.example.test")).containsExactly("foreign", "ours");
        assertThat(editor.remove(List.of(record("www.example.test", "ours")))).isEmpty();
        assertThat(named.txt("_acme-challenge.www.example.test")).containsExactly("foreign");
    }

    @Test
    void isIdempotent() throws Exception {
        RecordEditor editor = editor(named.settings());
        List<TxtRecord> records = List.of(record("again.example.test", "one"));
        assertThat(editor.remove(records)).isEmpty();
        assertThat(editor.add(records)).isEmpty();
        assertThat(editor.add(records)).isEmpty();
        assertThat(named.txt("_acme-challenge.again.example.test")).containsExactly("one");
        assertThat(editor.remove(records)).isEmpty();
        assertThat(editor.remove(records)).isEmpty();
    }

    @Test
    void editsSeveralZonesAndRefusesOnlyTheForbiddenOne() throws Exception {
        RecordEditor editor = editor(named.settings());
        List<TxtRecord> records = List.of(record("a.example.test", "one"), record("a.closed.test", "two"),
                record("a.other.test", "three"));
        assertThat(editor.add(records)).singleElement().satisfies(refusal -> {
            assertThat(refusal.record()).isEqualTo(records.get(1));
            assertThat(refusal.detail()).contains("REFUSED").contains("closed.test");
            assertThat(refusal.hint()).contains("update-policy");
        });
        assertThat(named.txt("_acme-challenge.a.example.test")).containsExactly("one");
        assertThat(named.txt("_acme-challenge.a.other.test")).containsExactly("three");
        assertThat(editor.remove(records)).hasSize(1);
        assertThat(named.txt("_acme-challenge.a.other.test")).isEmpty();
    }

    @Test
    void findsTheForbiddenNameAmongAllowedOnesOfTheSameZone() throws Exception {
        RecordEditor editor = editor(named.settings());
        List<TxtRecord> records = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            records.add(record("n" + i + (i == 4 ? ".no" : ".ok") + ".partial.test", "value" + i));
        }
        assertThat(editor.add(records)).extracting(Refusal::record).containsExactly(records.get(4));
        assertThat(named.txt("_acme-challenge.n8.ok.partial.test")).containsExactly("value8");
        assertThat(editor.remove(records)).extracting(Refusal::record).containsExactly(records.get(4));
        assertThat(named.txt("_acme-challenge.n8.ok.partial.test")).isEmpty();
    }

    @Test
    void refusesNameOfNoZone() {
        assertThat(editor(named.settings()).add(List.of(record("www.elsewhere.test", "one")))).singleElement()
                .satisfies(refusal -> assertThat(refusal.detail())
                        .contains("not authoritative for _acme-challenge.www.elsewhere.test"));
    }

    @Test
    void usesTheZoneSettingAndRefusesNamesOutsideIt() throws Exception {
        RecordEditor editor = editorWith("zone", "example.test");
        TxtRecord inside = record("zoned.example.test", "one");
        TxtRecord outside = record("zoned.other.test", "one");
        assertThat(editor.add(List.of(inside, outside))).singleElement().satisfies(refusal -> {
            assertThat(refusal.record()).isEqualTo(outside);
            assertThat(refusal.detail()).contains("not in the provider's zone example.test");
        });
        assertThat(named.txt("_acme-challenge.zoned.example.test")).containsExactly("one");
        assertThat(editor.remove(List.of(inside))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"keySecret, BADSIG", "keyName, BADKEY", "keyAlgorithm, BADKEY"})
    void saysWhatIsWrongWithTheKeyWithoutTellingIt(String setting, String error) {
        String value = switch (setting) {
            case "keySecret" -> WRONG_SECRET;
            case "keyName" -> "nobody";
            default -> "hmac-sha512";
        };
        for (RecordEditor editor : List.of(editorWith(setting, value), editor(Json.createObjectBuilder(
                named.settings()).add(setting, value).add("zone", "example.test").build()))) {
            assertThat(editor.add(List.of(record("www.example.test", "one")))).singleElement().satisfies(refusal -> {
                assertThat(refusal.detail()).contains(error);
                assertThat(refusal.hint()).contains("keySecret");
                assertThat(refusal.toString()).doesNotContain(Named.SECRET).doesNotContain(WRONG_SECRET)
                        .doesNotContain("127.0.0.1").doesNotContain("nobody");
            });
        }
    }

    @Test
    void addsAHundredNamesQuickly() throws Exception {
        RecordEditor editor = editor(named.settings());
        List<TxtRecord> records = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            records.add(record("h" + i + ".example.test", "value" + i));
        }
        long before = updates("example.test");
        long start = System.nanoTime();
        assertThat(editor.add(records)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThat(updates("example.test") - before).isEqualTo(1);
        assertThat(named.txt("_acme-challenge.h99.example.test")).containsExactly("value99");
        assertThat(editor.remove(records)).isEmpty();
    }

    @Test
    void splitsWhatIsTooLongForOneMessage() throws Exception {
        RecordEditor editor = editor(named.settings());
        List<TxtRecord> records = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            records.add(record("long" + i + ".example.test", "v".repeat(250) + i));
        }
        long before = updates("example.test");
        assertThat(editor.add(records)).isEmpty();
        assertThat(updates("example.test") - before).isEqualTo(3);
        assertThat(named.txt("_acme-challenge.long399.example.test")).hasSize(1);
        assertThat(editor.remove(records)).isEmpty();
        assertThat(named.txt("_acme-challenge.long399.example.test")).isEmpty();
    }

    @Test
    void refusesWhenNothingListens() throws Exception {
        RecordEditor editor = editorWith("server", "127.0.0.1:" + Named.freePort("127.0.0.1"));
        assertThat(editor.add(List.of(record("www.example.test", "one")))).singleElement()
                .satisfies(refusal -> assertThat(refusal.detail()).isEqualTo("The DNS server did not answer"));
    }

    @Test
    void doesNotBelieveAnUnsignedAnswer() throws Exception {
        try (ScriptedDns liar = new ScriptedDns(query -> List.of(), query -> {
            Message answer = ScriptedDns.answerTo(query, Flags.AA);
            answer.addRecord(new SOARecord(Name.fromConstantString("example.test."), DClass.IN, 1,
                    Name.fromConstantString("a."), Name.fromConstantString("b."), 1, 1, 1, 1, 1), Section.AUTHORITY);
            return List.of(answer);
        })) {
            JsonObject settings = Json.createObjectBuilder(named.settings())
                    .add("server", "127.0.0.1:" + liar.address().getPort()).build();
            for (JsonObject each : List.of(settings,
                    Json.createObjectBuilder(settings).add("zone", "example.test").build())) {
                assertThat(editor(each).add(List.of(record("www.example.test", "one")))).singleElement()
                        .satisfies(refusal -> assertThat(refusal.detail()).contains("not signed"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NOTAUTH, primary", "NOTZONE, zone", "NXRRSET, log", "SERVFAIL, journal", "NOTIMP, updates",
        "FORMERR, log", "YXDOMAIN, log"})
    void hasAHintForEveryAnswer(String rcode, String hint) throws Exception {
        try (ScriptedDns server = new ScriptedDns(query -> List.of(), query -> {
            Message answer = ScriptedDns.answerTo(query);
            answer.getHeader().setRcode(Rcode.value(rcode));
            return List.of(answer);
        })) {
            RecordEditor editor = editor(Json.createObjectBuilder(named.settings()).add("zone", "example.test")
                    .add("server", "127.0.0.1:" + server.address().getPort()).build());
            assertThat(editor.remove(List.of(record("www.example.test", "one")))).singleElement()
                    .satisfies(refusal -> {
                        assertThat(refusal.detail()).contains(rcode).contains("example.test");
                        assertThat(refusal.hint()).contains(hint);
                    });
        }
    }
}

package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import certservice.harness.Bind;
import certservice.harness.CertserviceClient.Response;
import certservice.harness.TestBed;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Names that are proven in DNS, with a real BIND: wildcards, delegation, mixtures, and what is left afterwards. */
class Dns01IT {

    private static TestBed bed;
    private static Bind bind;

    @BeforeAll
    static void start() {
        assumeThat(Bind.available()).as("BIND is not installed").isTrue();
        bed = TestBed.shared();
        bind = bed.bind().orElseThrow();
    }

    @AfterEach
    void leavesNoProofBehind() {
        assertThat(bind.everyName("SOA")).as("zone transfers show what there is").hasSizeGreaterThan(3);
        assertThat(bind.everyName("TXT")).filteredOn(name -> name.contains("_acme-challenge")
                || name.endsWith("acme.test")).isEmpty();
    }

    @Test
    void issuesAWildcardAlone() throws Exception {
        Response response = cert("*.example.net");

        assertThat(Delivered.ofCert(response).names()).containsExactly("*.example.net");
        assertThat(response.header("Content-Disposition"))
                .matches("attachment; filename=\"cert-_\\.example\\.net-\\d{8}-\\d{6}\\.pfx\"");
    }

    /** Two values under one name (RFC 8555 section 8.4). */
    @Test
    void issuesWildcardAndApexTogether() throws Exception {
        assertThat(Delivered.ofCert(cert("example.net,*.example.net")).names())
                .containsExactlyInAnyOrder("example.net", "*.example.net");
    }

    @Test
    void issuesWildcardAndApexInOrdersAtTheSameTime() throws Exception {
        Response response = bed.client().pem(BadInput.body("\"*.example.net example.net\""));

        assertThat(Delivered.ofPem(response)).extracting(Delivered::names)
                .containsExactly(List.of("*.example.net"), List.of("example.net"));
        assertThat(response.json().asJsonArray()).map(item -> item.asJsonObject().getString("Domain"))
                .containsExactly("*.example.net", "example.net");
    }

    @Test
    void followsADelegation() throws Exception {
        assertThat(Delivered.ofCert(cert("delegated.example.org")).names()).containsExactly("delegated.example.org");
    }

    @Test
    void mixesHttp01AndDns01InOneOrder() throws Exception {
        assertThat(Delivered.ofCert(cert("www.example.com *.example.net delegated.example.org example.net")).names())
                .containsExactlyInAnyOrder("www.example.com", "*.example.net", "delegated.example.org", "example.net");
    }

    /** The DNS names are proven by then; the other one has no address. */
    @Test
    void saysWhichNameFailedAndCleansUp() {
        bind.set("example.com", "nowhere.example.com", "TXT", "\"here, but without an address\"");
        try {
            Response response = cert("*.example.net nowhere.example.com delegated.example.org");

            assertThat(response.status()).as("status of %s", response).isEqualTo(500);
            assertThat(response.json().asJsonObject().getString("message")).isEqualTo("No certificate was generated");
            assertThat(response.json().asJsonObject().getJsonArray("problems"))
                    .map(problem -> problem.asJsonObject().getString("domain")).containsOnly("nowhere.example.com");
        } finally {
            bind.set("example.com", "nowhere.example.com", "TXT");
        }
    }

    /** http-01 can't prove a wildcard (RFC 8555 section 8.3), and the operator chose it for example.com. */
    @Test
    void saysThatAWildcardNeedsDns01AndAsksTheCaNothing() {
        long before = bed.staging().logged("/order-plz");

        Response response = cert("*.example.com");

        assertThat(response.status()).as("status of %s", response).isEqualTo(500);
        JsonObject problem = response.json().asJsonObject().getJsonArray("problems").getJsonObject(0);
        assertThat(problem.getString("domain")).isEqualTo("*.example.com");
        assertThat(problem.getString("hint")).contains("must set up dns-01");
        assertThat(bed.staging().logged("/order-plz")).isEqualTo(before);
    }

    @Test
    void keepsTheTsigKeyOutOfLogAndDatabase() throws Exception {
        Delivered.ofCert(cert("example.net"));

        assertThat(holds(bed.databaseFiles(), TestBed.DNS_PROVIDER.getBytes(StandardCharsets.UTF_8)))
                .as("the search finds what is there").isTrue();
        for (byte[] secret : secrets()) {
            assertThat(holds(bed.databaseFiles(), secret)).isFalse();
            assertThat(holds(bed.dataDirectory(), secret)).isFalse();
            assertThat(holds(bed.server().log(), secret)).isFalse();
        }
    }

    private static List<byte[]> secrets() {
        Stream<byte[]> texts = Stream.of(bind.keySecret(), bed.apiKey())
                .flatMap(secret -> Stream.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE,
                        StandardCharsets.UTF_16LE).map((Charset charset) -> secret.getBytes(charset)));
        return Stream.concat(texts, Stream.of(Base64.getDecoder().decode(bind.keySecret()))).toList();
    }

    /** Whether one of the files holds these bytes. */
    private static boolean holds(Path place, byte[] bytes) throws IOException {
        String wanted = new String(bytes, StandardCharsets.ISO_8859_1);
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(wanted)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static Response cert(String domains) {
        return bed.client().cert(BadInput.body("\"" + domains + "\""));
    }
}

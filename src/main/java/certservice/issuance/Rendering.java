package certservice.issuance;

import certservice.domain.DomainName;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;

/**
 * How a result is written, as the request asked for it. It can be stored, sealed, for a result that is fetched later.
 *
 * @param domains the names in the caller's order
 * @param csr     whether the private key stays with the caller
 */
record Rendering(Endpoint endpoint, List<DomainName> domains, String password, Encryption encryption,
                 String friendlyName, boolean csr) {

    static final String PFX = "application/x-pkcs12";
    static final String PEM_FILE = "application/x-pem-file";

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .withZone(ZoneOffset.UTC);

    static Rendering of(Endpoint endpoint, CertificateRequest request) {
        return new Rendering(endpoint, request.domains(), request.password(), request.encryption(),
                request.friendlyName(), request.csr().isPresent());
    }

    /** Which media type the endpoint answers with by itself. */
    String mediaType() {
        return endpoint == Endpoint.CERT ? PFX : "application/json";
    }

    /** Whether it can be written as a PFX, which holds one private key. */
    boolean canBePfx(List<IssuedCertificate> issued) {
        return issued.size() == 1 && !csr;
    }

    byte[] pfx(List<IssuedCertificate> issued) {
        IssuedCertificate one = issued.get(0);
        return Pfx.write(one.privateKey(), one.chain(), password.toCharArray(), encryption, friendlyName);
    }

    byte[] pem(List<IssuedCertificate> issued) {
        return PemAnswer.json(sorted(issued)).getBytes(StandardCharsets.UTF_8);
    }

    byte[] pemFile(List<IssuedCertificate> issued) {
        return Pem.file(sorted(issued)).getBytes(StandardCharsets.US_ASCII);
    }

    /** A batch that was made for the same names in another order has them in that order. */
    private List<IssuedCertificate> sorted(List<IssuedCertificate> issued) {
        return issued.stream().sorted(Comparator.comparing(each -> domains.indexOf(each.name()))).toList();
    }

    /** For {@code Content-Disposition}. */
    String fileName(String extension, Instant now) {
        return "cert-" + domains.get(0).toString().replace('*', '_') + "-" + STAMP.format(now) + extension;
    }

    /** Holds the password: only to be stored sealed. */
    byte[] toBytes() {
        JsonArrayBuilder names = Json.createArrayBuilder();
        domains.forEach(name -> names.add(name.toString()));
        return Json.createObjectBuilder().add("endpoint", endpoint.name()).add("domains", names)
                .add("password", password).add("encryption", encryption.name()).add("friendlyName", friendlyName)
                .add("csr", csr).build().toString().getBytes(StandardCharsets.UTF_8);
    }

    static Rendering ofBytes(byte[] stored) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(stored))) {
            JsonObject json = reader.readObject();
            return new Rendering(Endpoint.valueOf(json.getString("endpoint")),
                    json.getJsonArray("domains").getValuesAs(JsonString.class).stream()
                            .map(name -> DomainName.of(name.getString())).toList(),
                    json.getString("password"), Encryption.valueOf(json.getString("encryption")),
                    json.getString("friendlyName"), json.getBoolean("csr"));
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Rendering[" + endpoint + ", " + domains + "]";
    }
}

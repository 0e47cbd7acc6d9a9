package certservice.issuance;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.util.List;

/** The body of {@code POST /api/v1/pem}: one object for each certificate, with the contract's exact field names. */
final class PemAnswer {

    private PemAnswer() {
    }

    static String json(List<IssuedCertificate> issued) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        for (IssuedCertificate certificate : issued) {
            JsonObjectBuilder object = Json.createObjectBuilder()
                    .add("Domain", certificate.name().toString())
                    .add("Certificate", Pem.certificate(certificate.chain().get(0)));
            if (certificate.privateKey() == null) {
                object.addNull("PrivateKey");
            } else {
                object.add("PrivateKey", Pem.privateKey(certificate.privateKey()));
            }
            all.add(object.add("Chain", Pem.chain(certificate.chain())));
        }
        return all.build().toString();
    }
}

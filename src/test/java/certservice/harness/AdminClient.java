package certservice.harness;

import certservice.harness.CertserviceClient.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Calls the administration's REST API as a script does, with Basic credentials. */
public final class AdminClient {

    private static final String ROOT = "/admin/api";

    private final CertserviceClient client;
    private final String authorization;

    public AdminClient(URI baseUri, String user, String password) {
        this.client = new CertserviceClient(baseUri);
        this.authorization = "Basic " + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    public AdminClient(URI baseUri, ServerUser user) {
        this(baseUri, user.name(), user.password());
    }

    /** @param path below {@code /admin/api}, such as {@code /keys} */
    public Response get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    /** @param headers names and values in turn, beside {@code Authorization} */
    public Response send(String method, String path, String json, String... headers) {
        List<String> all = new ArrayList<>(List.of("Authorization", authorization));
        if (!json.isEmpty()) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        all.addAll(List.of(headers));
        return client.send(method, ROOT + path, json.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }
}

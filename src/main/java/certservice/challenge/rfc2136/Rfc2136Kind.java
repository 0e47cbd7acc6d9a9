package certservice.challenge.rfc2136;

import certservice.challenge.DnsProviderKind;
import certservice.challenge.RecordEditor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObject;

/** Makes the provider type {@code rfc2136} known. */
@ApplicationScoped
public class Rfc2136Kind implements DnsProviderKind {

    @Override
    public String type() {
        return "rfc2136";
    }

    @Override
    public RecordEditor open(JsonObject settings) {
        return new DynamicUpdates(Rfc2136Settings.of(settings));
    }
}

package certservice.admin.page;

import certservice.admin.ApiKeyChange;
import certservice.admin.ApiKeyDetails;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/** What is typed in of an API key. */
public final class KeyForm implements Serializable {

    private static final long serialVersionUID = 1L;

    private String label = "";
    private boolean enabled = true;
    private String expires = "";
    private Instant present;
    private String domains = "";
    private String networks = "";
    private String[] environments = {};
    private String[] profiles = {};
    private String requestsPerDay = "";

    KeyForm() {
    }

    KeyForm(ApiKeyDetails key) {
        label = key.label();
        enabled = key.enabled();
        present = key.expires();
        expires = Lines.field(present);
        domains = Lines.text(key.domains());
        networks = Lines.text(key.networks());
        environments = key.environments().toArray(String[]::new);
        profiles = key.profiles().toArray(String[]::new);
        requestsPerDay = key.requestsPerDay() == null ? "" : key.requestsPerDay().toString();
    }

    /** @throws certservice.problem.Failure 400 for what is no date or no number; all else the core checks */
    ApiKeyChange change() {
        return new ApiKeyChange(label == null ? "" : label.strip(), enabled, expiry(), Lines.items(domains),
                Lines.items(networks), List.of(environments), List.of(profiles),
                Lines.number(requestsPerDay, "Requests a day"));
    }

    /** The field shows no seconds: whoever leaves it alone has not changed them. */
    private Instant expiry() {
        return Lines.field(present).equals(expires) ? present : Lines.moment(expires, "Expires");
    }

    public String getLabel() {
        return label;
    }

    public void setLabel(String label) {
        this.label = label;
    }

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public String getExpires() {
        return expires;
    }

    public void setExpires(String expires) {
        this.expires = expires;
    }

    public String getDomains() {
        return domains;
    }

    public void setDomains(String domains) {
        this.domains = domains;
    }

    public String getNetworks() {
        return networks;
    }

    public void setNetworks(String networks) {
        this.networks = networks;
    }

    public String[] getEnvironments() {
        return environments.clone();
    }

    public void setEnvironments(String[] environments) {
        this.environments = environments.clone();
    }

    public String[] getProfiles() {
        return profiles.clone();
    }

    public void setProfiles(String[] profiles) {
        this.profiles = profiles.clone();
    }

    public String getRequestsPerDay() {
        return requestsPerDay;
    }

    public void setRequestsPerDay(String requestsPerDay) {
        this.requestsPerDay = requestsPerDay;
    }
}

package certservice.admin.page;

import certservice.admin.NewApiKey;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;

/** A key that was just made, for the one answer that shows it. */
@Named
@RequestScoped
public class OneTimeKey {

    private NewApiKey key;

    void show(NewApiKey made) {
        key = made;
    }

    public boolean isPresent() {
        return key != null;
    }

    public String getGuid() {
        return key == null ? null : key.guid();
    }

    public String getLabel() {
        return key == null ? null : key.details().label();
    }
}

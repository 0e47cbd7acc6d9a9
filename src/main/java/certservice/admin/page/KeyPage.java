package certservice.admin.page;

import certservice.admin.ApiKeyAdministration;
import certservice.admin.ApiKeyDetails;
import certservice.admin.NewApiKey;
import certservice.domain.Profile;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** One API key, or a new one. */
@Named
@ViewScoped
public class KeyPage implements Serializable {

    static final List<String> ENVIRONMENTS = List.of("production", "staging");
    private static final long serialVersionUID = 1L;

    @Inject
    ApiKeyAdministration keys;

    @Inject
    CurrentUser user;

    @Inject
    Notices notices;

    @Inject
    OneTimeKey oneTime;

    @Inject
    PressedButton pressed;

    private String id;
    private ApiKeyDetails key;
    private KeyForm form = new KeyForm();
    private String overlapDays = "7";

    public void load() {
        if (id != null && !id.isBlank()) {
            show(keys.get(id));
        }
    }

    public void save() {
        show(keys.change(id, form.change(), key.version(), user.administrator()));
        notices.add("API key " + key.label() + " is saved.");
    }

    /** The key is in the answer to this request, and in no other. */
    public void create() {
        NewApiKey made = keys.create(form.change(), user.administrator());
        show(made.details());
        oneTime.show(made);
        notices.add("API key " + key.label() + " is created.");
    }

    /** As {@link #create}. Of the version that the user has seen: whoever got no answer, and presses again, has not. */
    public void rotate() {
        NewApiKey made = keys.rotate(id, overlap(), seen(), user.administrator());
        show(made.details());
        oneTime.show(made);
        notices.add("API key " + key.label() + " has a new value.");
    }

    public void enable() {
        show(keys.enable(id, user.administrator()));
        notices.add("API key " + key.label() + " is enabled.");
    }

    public void disable() {
        show(keys.disable(id, user.administrator()));
        notices.add("API key " + key.label() + " is disabled.");
    }

    /** From this moment on it is refused. */
    public void expire() {
        show(keys.expire(id, Clock.systemUTC().instant(), user.administrator()));
        notices.add("API key " + key.label() + " has expired.");
    }

    public String delete() {
        keys.delete(id, key.version(), user.administrator());
        notices.add("API key " + key.label() + " is deleted.");
        return "/admin/keys?faces-redirect=true";
    }

    private Long seen() {
        String version = pressed.get("version");
        try {
            return Long.valueOf(version);
        } catch (NumberFormatException e) {
            throw Failure.badRequest("The version " + Quoted.of(version) + " is no number");
        }
    }

    private Duration overlap() {
        Integer days = Lines.number(overlapDays, "Overlap");
        if (days == null) {
            throw Failure.badRequest("Overlap is missing; allowed is 0 to 90 days");
        }
        return Duration.ofDays(days);
    }

    private void show(ApiKeyDetails current) {
        id = current.id();
        key = current;
        form = new KeyForm(current);
    }

    /** Whether it is about a key that does not exist yet. */
    public boolean isFresh() {
        return id == null || id.isBlank();
    }

    public String getId() {
        return id;
    }

    public void setId(String id) {
        this.id = id;
    }

    public ApiKeyDetails getKey() {
        return key;
    }

    public KeyForm getForm() {
        return form;
    }

    public String getOverlapDays() {
        return overlapDays;
    }

    public void setOverlapDays(String overlapDays) {
        this.overlapDays = overlapDays;
    }

    public List<String> getAllEnvironments() {
        return ENVIRONMENTS;
    }

    public List<String> getAllProfiles() {
        return Arrays.stream(Profile.values()).map(Profile::toString).toList();
    }
}

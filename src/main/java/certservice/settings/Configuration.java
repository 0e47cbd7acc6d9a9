package certservice.settings;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Holds what was read at start and gives it to whoever injects {@link Settings} or {@link MasterKey}. */
@ApplicationScoped
public class Configuration {

    private static final Logger LOG = System.getLogger(Configuration.class.getName());

    private volatile SettingSource source;
    private volatile Settings settings;
    private volatile MasterKey masterKey;

    /**
     * Reads and checks everything; called once, before the first request.
     *
     * @throws WrongSetting if a value can't be used
     */
    public void read(ServletContext context) {
        Map<String, String> parameters = Collections.list(context.getInitParameterNames()).stream()
                .collect(Collectors.toMap(name -> name, context::getInitParameter));
        source = SettingSource.ofProcess(parameters);
        settings = Settings.read(source);
        masterKey = MasterKey.load(source, settings.dataDirectory());
        List<String> unknown = Settings.unknown(System.getProperties().stringPropertyNames());
        if (!unknown.isEmpty()) {
            LOG.log(Level.WARNING, "These system properties are no settings, perhaps misspelt: {0}", unknown);
        }
    }

    /**
     * Every setting that has been given a value, by name; a secret is only said to be there, and of the database's URL
     * no more than its kind, since it can hold a password.
     */
    public Map<String, String> shown() {
        return Settings.shown(source);
    }

    @Produces
    Settings settings() {
        return settings;
    }

    @Produces
    MasterKey masterKey() {
        return masterKey;
    }
}

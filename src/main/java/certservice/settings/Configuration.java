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
        SettingSource source = SettingSource.ofProcess(parameters);
        settings = Settings.read(source);
        masterKey = MasterKey.load(source, settings.dataDirectory());
        List<String> unknown = Settings.unknown(System.getProperties().stringPropertyNames());
        if (!unknown.isEmpty()) {
            LOG.log(Level.WARNING, "These system properties are no settings, perhaps misspelt: {0}", unknown);
        }
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

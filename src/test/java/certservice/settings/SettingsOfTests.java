package certservice.settings;

import java.util.HashMap;
import java.util.Map;

/** Settings that no server was started with. */
public final class SettingsOfTests {

    private SettingsOfTests() {
    }

    /** Every setting has its default, but these. */
    public static Settings of(Map<String, String> values) {
        return Settings.read(sourceOf(values));
    }

    /** Settings that stand in system properties alone. */
    static SettingSource sourceOf(Map<String, String> values) {
        return new SettingSource(new HashMap<>(values)::get, name -> null, Map.of());
    }
}

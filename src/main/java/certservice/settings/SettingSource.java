package certservice.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where the value of a setting comes from: the system property of its name, else the environment variable (upper
 * case, every other character than letters and digits as {@code _}), else the {@code context-param} of its name.
 * An empty value counts as none.
 *
 * @param properties  gives a system property or {@code null}
 * @param environment gives an environment variable or {@code null}
 * @param contextParameters the web application's, or empty where there is no web application yet
 */
record SettingSource(UnaryOperator<String> properties, UnaryOperator<String> environment,
                     Map<String, String> contextParameters) {

    static SettingSource ofProcess(Map<String, String> contextParameters) {
        return new SettingSource(System::getProperty, System::getenv, contextParameters);
    }

    Optional<String> get(String name) {
        return present(properties.apply(name))
                .or(() -> present(environment.apply(environmentVariable(name))))
                .or(() -> present(contextParameters.get(name)));
    }

    /**
     * A secret: its value, or the content of the file that {@code <name>-file} names, without surrounding white space.
     *
     * @throws WrongSetting if the file can't be read
     */
    Optional<String> secret(String name) {
        return get(name).or(() -> get(name + "-file").map(file -> read(name + "-file", file)));
    }

    private static String read(String name, String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException | IllegalArgumentException e) {
            throw new WrongSetting(name, file, "the path of a readable text file", e);
        }
    }

    static String environmentVariable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static Optional<String> present(String value) {
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }
}

package certservice.admin;

import certservice.domain.Environment;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import java.util.Locale;

/** The CA's environments, as administrators write them. */
final class Environments {

    private Environments() {
    }

    /** @throws Failure 400 for any other name than {@code staging} and {@code production} */
    static Environment named(String name) {
        return switch (name) {
            case "staging" -> Environment.STAGING;
            case "production" -> Environment.PRODUCTION;
            default -> throw Failure.badRequest("environment is " + Quoted.of(name)
                    + "; allowed are staging, production");
        };
    }

    static String nameOf(Environment environment) {
        return environment.name().toLowerCase(Locale.ROOT);
    }
}

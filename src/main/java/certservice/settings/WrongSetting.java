package certservice.settings;

/** A setting has a value that can't be used: the deployment stops with this message. */
public final class WrongSetting extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param value as it was given; for a secret {@code "(not shown)"} */
    WrongSetting(String name, String value, String allowed, Throwable cause) {
        super("Setting " + name + " = '" + value + "': allowed is " + allowed, cause);
    }
}

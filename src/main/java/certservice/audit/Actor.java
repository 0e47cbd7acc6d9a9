package certservice.audit;

/**
 * Who did it.
 *
 * @param id   by which it is found again though its name changes; {@code null} if its name is all that there is
 * @param name as people call it; {@code null} if it is not known any more
 */
public record Actor(Kind kind, String id, String name) {

    /** The names are stored. */
    public enum Kind {
        API_KEY, ADMINISTRATOR, SERVICE
    }

    /** @param id the stored key's, never the key itself */
    public static Actor apiKey(String id, String label) {
        return new Actor(Kind.API_KEY, id, label);
    }

    /** @param user as the application server knows them */
    public static Actor administrator(String user) {
        return new Actor(Kind.ADMINISTRATOR, null, user);
    }

    /**
     * The service, of its own accord or since its configuration says so.
     *
     * @param part what of it, such as {@code import file}
     */
    public static Actor service(String part) {
        return new Actor(Kind.SERVICE, null, part);
    }
}

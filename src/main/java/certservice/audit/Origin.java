package certservice.audit;

/**
 * Where a request comes from.
 *
 * @param address   the client's, or {@code null}
 * @param requestId or {@code null}
 * @param face      how an administrator came, such as {@code page}, or {@code null}
 */
public record Origin(Actor actor, String address, String requestId, String face) {

    public Origin(Actor actor, String address, String requestId) {
        this(actor, address, requestId, null);
    }

    /** Of what no request has asked for. */
    public static Origin service(String part) {
        return new Origin(Actor.service(part), null, null);
    }
}

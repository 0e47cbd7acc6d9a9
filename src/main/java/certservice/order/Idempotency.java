package certservice.order;

/**
 * By what a caller says that a request is the same as an earlier one (draft-ietf-httpapi-idempotency-key-header).
 *
 * @param value the {@code Idempotency-Key}
 * @param body  everything that the request says, in a form that two equal requests share; may hold a password
 */
public record Idempotency(String value, byte[] body) {

    @Override
    public String toString() {
        return "Idempotency[" + value + "]";
    }
}

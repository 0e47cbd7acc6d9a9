package certservice.order;

/** How far the orders of one request are, as a whole. */
public enum BatchStatus {

    /** Being worked on; nothing that can't be undone has been asked of the CA, so it can still be cancelled. */
    OPEN,

    /** The CA has got, or is about to get, the first CSR. */
    FINALIZING,

    /** Every certificate is here. */
    ISSUED,

    /** The caller gets none; the problems say why. */
    FAILED;

    /** Whether nothing will change any more. */
    public boolean isFinal() {
        return this == ISSUED || this == FAILED;
    }
}

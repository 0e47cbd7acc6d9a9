package certservice.audit;

/**
 * Something that is not as the service has left it.
 *
 * @param number the entry that it is about; 0: none in particular
 */
public record Finding(Kind kind, long number, String detail) {

    /** What was done to the chain, as far as can be told from what is left. */
    public enum Kind {
        /** An entry says something else than was written, or was never written by the service. */
        CHANGED,
        /** Entries are missing between others. */
        REMOVED,
        /** Entries stand behind the end, or before the beginning. */
        INSERTED,
        /** A true entry does not follow the one before: it was moved, or something between them is gone. */
        REORDERED,
        /** Entries are missing at the end. */
        TRUNCATED,
        /** What is known of the chain's end or key was changed. */
        HEAD_CHANGED,
        /** The chain is not the one that an anchor was taken of. */
        NOT_AS_ANCHORED,
        /** The service noticed itself, at that moment. */
        RECORDED
    }

    @Override
    public String toString() {
        return kind + (number == 0 ? "" : " " + number) + ": " + detail;
    }
}

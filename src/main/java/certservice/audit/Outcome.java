package certservice.audit;

/** How it ended. The names are stored. */
public enum Outcome {
    SUCCEEDED,
    /** Whoever asked was not allowed to. */
    REFUSED,
    /** It was allowed and tried. */
    FAILED
}

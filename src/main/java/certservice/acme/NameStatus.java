package certservice.acme;

/** How far a name of an order is with the CA; before the first of these, nothing is known of it. */
public enum NameStatus {

    /** Its proof is published, and the CA was asked to look. */
    PROCESSING,

    /** It is proven, now or from an earlier order. */
    VALID,

    /** The CA looked and did not see the proof: that is final for this order. */
    INVALID
}

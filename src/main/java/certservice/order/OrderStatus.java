package certservice.order;

/** Where an order is on its way; saved before each step that can't be undone. */
public enum OrderStatus {

    /** Accepted from a caller; the CA has not heard of it. */
    NEW,

    /** Placed at the CA, whose challenges are being answered. */
    AUTHORIZING,

    /** Every name is proven. */
    READY,

    /** The CA is about to get, or has, the CSR: from here on a certificate may exist. */
    FINALIZING,

    /** The certificate is here. */
    ISSUED,

    /** There is no certificate; the problems say why. */
    FAILED
}

package certservice.issuance;

/** How a PFX is encrypted. */
enum Encryption {
    MODERN, COMPATIBLE
}

package certservice.issuance;

/** The kind and size of a certificate's key. */
enum KeyType {
    RSA2048, RSA3072, RSA4096, EC256, EC384
}

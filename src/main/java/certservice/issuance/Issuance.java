package certservice.issuance;

import java.util.List;

/**
 * What a request has led to.
 *
 * @param batchId under which it is stored until it is delivered
 */
record Issuance(String batchId, List<IssuedCertificate> certificates) {
}

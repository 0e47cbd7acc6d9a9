package certservice.admin;

import java.time.Instant;
import java.util.List;

/**
 * An issued certificate as administrators see it.
 *
 * @param serial   upper-case hexadecimal
 * @param status   {@code valid}, {@code expired} or {@code revoked}
 * @param renewAt  when a renewal is due (RFC 9773), or {@code null} if it is replaced already
 * @param keyLabel who asked for it
 */
public record CertificateDetails(String serial, List<String> names, String environment, String profile,
                                 String keyType, Instant issuedAt, Instant expiresAt, Instant renewAt, String status,
                                 boolean replaced, String keyLabel, String orderId) {
}

package certservice.order;

import certservice.domain.DomainName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** What all orders for exactly the same names have in common, whatever their sequence. */
final class NameSet {

    private NameSet() {
    }

    /** SHA-256 of the sorted names, 64 hexadecimal digits: short enough for an index. */
    static String hash(Collection<DomainName> names) {
        String sorted = names.stream().map(DomainName::toString).sorted().collect(Collectors.joining("\n"));
        return sha256(sorted);
    }

    static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

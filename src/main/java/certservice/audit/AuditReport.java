package certservice.audit;

import java.util.List;

/**
 * What a verification has found.
 *
 * @param entries  how many were looked at
 * @param end      where the chain ends, as far as its head can be believed
 * @param findings the first ones, in the chain's sequence, a hundred at most
 * @param total    how many there are
 */
public record AuditReport(long entries, AuditAnchor end, List<Finding> findings, long total) {

    public AuditReport {
        findings = List.copyOf(findings);
    }

    public boolean isFine() {
        return total == 0;
    }
}

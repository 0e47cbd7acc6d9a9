package certservice.audit;

import certservice.settings.CertserviceDataSource;
import certservice.settings.MasterKey;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A command for operators and auditors: verifies the audit chain in the database of the settings, and changes nothing.
 * {@code docs/audit.md} shows its use. It ends with 0 if nothing was found, 1 if something was, and 2 if it could not
 * be verified.
 */
public final class VerifyAudit {

    private static final String USAGE = "Usage: java -cp 'WEB-INF/classes:WEB-INF/lib/*' -Dcertservice.data.dir=…"
            + " certservice.audit.VerifyAudit [<number>:<hash> from the log …]";
    private static final int FINE = 0;
    private static final int FINDINGS = 1;
    private static final int NOT_VERIFIED = 2;

    private VerifyAudit() {
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    private static int run(String[] arguments, PrintStream out, PrintStream err) {
        List<AuditAnchor> known = new ArrayList<>();
        for (String argument : arguments) {
            Optional<AuditAnchor> anchor = AuditAnchor.parse(argument);
            if (anchor.isEmpty()) {
                err.println(USAGE);
                return NOT_VERIFIED;
            }
            known.add(anchor.get());
        }
        try {
            return run(new CertserviceDataSource(), MasterKey.ofProcess(), known, out);
        } catch (SQLException | RuntimeException e) {
            err.println("The chain could not be verified: " + e.getMessage());
            return NOT_VERIFIED;
        }
    }

    static int run(DataSource dataSource, MasterKey masterKey, List<AuditAnchor> known, PrintStream out)
            throws SQLException {
        AuditReport report = new AuditVerifier(dataSource, masterKey).verify(known);
        report.findings().forEach(out::println);
        if (report.total() > report.findings().size()) {
            out.println("… and " + (report.total() - report.findings().size()) + " more");
        }
        out.println(report.entries() + " entries, " + report.total() + " findings; the chain ends with "
                + report.end());
        return report.isFine() ? FINE : FINDINGS;
    }
}

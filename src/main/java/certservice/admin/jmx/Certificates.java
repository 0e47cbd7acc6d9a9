package certservice.admin.jmx;

import certservice.admin.CertificateAdministration;
import certservice.admin.CertificateAdministration.Expiries;
import certservice.admin.CertificateAdministration.Filter;
import certservice.admin.CertificateDetails;
import certservice.admin.Page;
import certservice.admin.Search;
import java.util.List;

@Described("Issued certificates; never their private keys.")
final class Certificates {

    private static final String SERIAL = "the serial number in hexadecimal";

    private final CertificateAdministration certificates;

    Certificates(CertificateAdministration certificates) {
        this.certificates = certificates;
    }

    @Described("The newest 100, and how many there are.")
    public Page<CertificateDetails> list() {
        return certificates.list(new Search("", 0, 100), Filter.ALL);
    }

    @Described("The newest 100 in whose names or serial number a text occurs, and how many there are.")
    public Page<CertificateDetails> find(@Parameter(name = "text", is = "in any case; empty: all") String text) {
        return certificates.list(new Search(text, 0, 100), Filter.ALL);
    }

    @Described("A part of them, newest first.")
    public Page<CertificateDetails> page(@Parameter(name = "text", is = "in any case; empty: all") String text,
            @Parameter(name = "status", is = "valid, expired or revoked; empty: all") String status,
            @Parameter(name = "environment", is = "staging or production; empty: both") String environment,
            @Parameter(name = "expiresBefore", is = "such as 2027-01-31T00:00:00Z; empty: whenever")
            String expiresBefore,
            @Parameter(name = "first", is = "how many are left out before; 0 or more") int first,
            @Parameter(name = "limit", is = "at most how many; 1 to 1000") int limit) {
        Filter filter = new Filter(Texts.optional(status), Texts.optional(environment),
                Texts.moment("expiresBefore", expiresBefore));
        return certificates.list(new Search(text, first, limit), filter);
    }

    @Described("One certificate.")
    public CertificateDetails get(@Parameter(name = "serial", is = SERIAL) String serial) {
        return certificates.get(Texts.optional(serial));
    }

    @Described("How many valid certificates expire on each of the coming days (UTC).")
    public List<Expiries> timeline(@Parameter(name = "days", is = "how many days, today included") int days) {
        return certificates.timeline(days);
    }

    @Described(value = "Has the CA revoke a certificate. That can't be undone.", changes = true)
    public CertificateDetails revoke(@Parameter(name = "serial", is = SERIAL) String serial,
            @Parameter(name = "reason", is = "such as keyCompromise or superseded; empty: none") String reason) {
        return certificates.revoke(Texts.optional(serial), Texts.optional(reason), Caller.now());
    }
}

package certservice.admin.page;

import certservice.admin.CertificateAdministration;
import certservice.admin.CertificateDetails;
import certservice.problem.Failure;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.List;

/** One certificate. */
@Named
@ViewScoped
public class CertificatePage implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Those of RFC 5280 section 5.3.1 that a subscriber may give. */
    private static final List<String> REASONS = List.of("unspecified", "keyCompromise", "affiliationChanged",
            "superseded", "cessationOfOperation");

    @Inject
    CertificateAdministration certificates;

    @Inject
    CurrentUser user;

    @Inject
    Notices notices;

    private String serial;
    private CertificateDetails certificate;
    private String reason = REASONS.get(0);
    private boolean sure;

    public void load() {
        certificate = certificates.get(serial == null ? "" : serial);
    }

    public void revoke() {
        if (!sure) {
            throw Failure.badRequest("The certificate is not revoked: say first that you know what follows");
        }
        certificate = certificates.revoke(serial, reason, user.administrator());
        sure = false;
        notices.add("Certificate " + serial + " is revoked.");
    }

    public String getSerial() {
        return serial;
    }

    public void setSerial(String serial) {
        this.serial = serial;
    }

    public CertificateDetails getCertificate() {
        return certificate;
    }

    public String getReason() {
        return reason;
    }

    public void setReason(String reason) {
        this.reason = reason;
    }

    public boolean isSure() {
        return sure;
    }

    public void setSure(boolean sure) {
        this.sure = sure;
    }

    public List<String> getReasons() {
        return REASONS;
    }
}

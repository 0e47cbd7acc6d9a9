package certservice.order;

import certservice.acme.NameStatus;
import certservice.domain.DomainName;
import certservice.domain.Validations;
import certservice.domain.Validations.Ended;
import certservice.problem.Duplicate;
import certservice.problem.Outage;
import certservice.problem.Problem;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How the CA takes the proofs of one order. It is put down for administrators when all are decided, at one go. */
final class Proofs {

    private static final Logger LOG = System.getLogger(Proofs.class.getName());

    private final Validations validations;
    private final String requestId;
    private final List<Ended> ended = new ArrayList<>();

    Proofs(Validations validations, String requestId) {
        this.validations = validations;
        this.requestId = requestId;
    }

    /** A status that is not the last one is passed over. */
    void reached(DomainName name, NameStatus status, List<Problem> problems) {
        if (status == NameStatus.VALID) {
            ended.add(new Ended(name, null));
        } else if (status == NameStatus.INVALID) {
            ended.add(new Ended(name, problems.stream().map(Problem::detail).collect(Collectors.joining("; "))));
        }
    }

    /** What is only for people must not stand in the way of what is issued. */
    void putDown(Instant now) {
        if (ended.isEmpty()) {
            return;
        }
        try {
            write(now);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Request {0}: how its proofs were taken is not put down: {1}", requestId,
                    Outage.isIn(e) ? Outage.summary(e) : e.toString());
        }
        ended.clear();
    }

    private void write(Instant now) {
        try {
            validations.ended(ended, now);
        } catch (RuntimeException e) {
            if (!Duplicate.isIn(e)) {
                throw e;
            }
            validations.ended(ended, now);
        }
    }
}

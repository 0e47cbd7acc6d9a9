package certservice.apikey;

import certservice.audit.Action;
import certservice.audit.Actor;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.audit.Origin;
import certservice.problem.Failure;
import certservice.problem.Quoted;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one place where it is put down why a request was refused, since its answer does not tell: in the log, and in the
 * audit trail if the key is known. Of each key so many are recorded that a client that tries again and again neither
 * fills the database nor holds other entries up: on each node ten in a minute for the same reason. The next one that is
 * recorded tells how many were not.
 */
@ApplicationScoped
public class Refusals {

    private static final Logger LOG = System.getLogger(Refusals.class.getName());
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST = 10;

    @Inject
    AuditTrail trail;

    Clock clock = Clock.systemUTC();

    private final Map<String, Minute> minutes = new ConcurrentHashMap<>();

    /**
     * @param recorded in this minute, with the present one
     * @param leftOut  since the last one that was recorded
     */
    private record Minute(Instant begun, int recorded, int leftOut) {
    }

    /** Puts it down, and returns the answer. A caller of it waits as {@link SlowAnswers} says. */
    public Failure refuse(Refusal refusal, String requestId, String address) {
        log(refusal, requestId, address, refusal.key().map(Actor::name));
        refusal.key().ifPresent(key -> record(new Origin(key, address, requestId), List.of(), refusal));
        return Failure.unauthorized();
    }

    /**
     * As {@link #refuse}, for a key that was accepted, but not for what it asks for.
     *
     * @param names that it is about
     */
    public Failure refuse(Refusal refusal, Collection<?> names, String requestId, Caller caller) {
        log(refusal, requestId, caller.address(), Optional.of(caller.label()));
        record(caller.origin(requestId), names, refusal);
        return Failure.unauthorized();
    }

    private static void log(Refusal refusal, String requestId, String address, Optional<String> label) {
        LOG.log(Level.INFO, "Request {0}: refused, {1}: {2}; from {3}, key {4}", requestId, refusal.reason(),
                refusal.text(), address, label.map(Quoted::of).orElse("unknown"));
    }

    private void record(Origin origin, Collection<?> names, Refusal refusal) {
        Instant now = clock.instant();
        int[] before = {0};
        Minute minute = minutes.compute(origin.actor().id() + " " + refusal.reason(), (id, old) -> {
            boolean over = old == null || !now.isBefore(old.begun().plus(MINUTE));
            if (!over && old.recorded() == MOST) {
                return new Minute(old.begun(), MOST, old.leftOut() + 1);
            }
            before[0] = old == null ? 0 : old.leftOut();
            return new Minute(over ? now : old.begun(), over ? 1 : old.recorded() + 1, 0);
        });
        if (minute.leftOut() == 0) {
            String why = refusal.text();
            trail.record(AuditEvent.of(Action.REQUEST_REFUSED).by(origin).names(names)
                    .because(before[0] == 0 ? why : why + " (" + before[0] + " more were not recorded)"));
        }
    }
}

package certservice.apikey;

import jakarta.ejb.Schedule;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;

/**
 * What is to be done again and again in this room. It needs no settings: a timer may go off before they are read. Each
 * step has a transaction of its own.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Housekeeping {

    /** Longer than the longest window of guesses. */
    private static final Duration GUESSES = Duration.ofDays(2);
    private static final int DAYS_OF_USE = 400;

    @Inject
    KeyUsage usage;

    @Inject
    KeyUses uses;

    @Inject
    Guesses guesses;

    @Schedule(hour = "*", minute = "*", persistent = false)
    public void everyMinute() {
        usage.write();
    }

    @Schedule(hour = "*", minute = "37", persistent = false)
    public void everyHour() {
        Instant now = Instant.now();
        guesses.forgetBefore(now.minus(GUESSES));
        uses.forgetBefore(KeyUse.day(now).minusDays(DAYS_OF_USE));
    }
}

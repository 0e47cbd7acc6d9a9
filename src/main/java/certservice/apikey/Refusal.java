package certservice.apikey;

import certservice.audit.Actor;
import java.util.Optional;

/**
 * Why a caller gets the 401 that tells nobody why. For the log and for administrators, never for the caller.
 *
 * @param text one phrase for people: what it asked for, what is allowed; never a key
 * @param key  the stored key; empty if there is none
 */
public record Refusal(Reason reason, String text, Optional<Actor> key) implements Identification {

    /** Of a key that nobody knows, or is to be told later. */
    public Refusal(Reason reason, String text) {
        this(reason, text, Optional.empty());
    }

    /** The same, of this key. */
    Refusal of(Actor known) {
        return new Refusal(reason, text, Optional.of(known));
    }

    /** Every cause of a 401. */
    public enum Reason {
        /** No header, two of them, or no GUID in it. */
        NO_KEY(false),
        UNKNOWN(true),
        DISABLED(true),
        EXPIRED(true),
        /** It was replaced by another one, and the overlap is over. */
        ROTATED(true),
        /** The key is not for this caller's address. */
        NETWORK(true),
        DOMAIN(false),
        ENVIRONMENT(false),
        PROFILE(false),
        REQUESTS_PER_DAY(false);

        private final boolean guess;

        Reason(boolean guess) {
            this.guess = guess;
        }

        /**
         * Whether it counts as a guess. All that is wrong with a GUID does: were it the unknown ones alone, then who is
         * never slowed down would know that the key exists.
         */
        boolean isGuess() {
            return guess;
        }
    }
}

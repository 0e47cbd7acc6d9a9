package certservice.challenge;

import java.util.Objects;

/**
 * A TXT record that a provider did not add or remove. Detail and hint go to the caller of the API: no address of the
 * provider's server, no secret, no class name.
 *
 * @param record what was asked for
 * @param detail what the provider said
 * @param hint   one sentence on how to mend it
 */
public record Refusal(TxtRecord record, String detail, String hint) {

    public Refusal {
        Objects.requireNonNull(record);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(hint);
    }
}

package certservice.challenge;

/** What has become of a DNS provider. */
public enum Change {
    NONE, CREATED, CHANGED
}

package certservice.acme;

import org.shredzone.acme4j.exception.AcmeException;

/** The CA answered 404: what it was asked about, it does not have (any more). */
final class GoneException extends AcmeException {

    private static final long serialVersionUID = 1L;

    GoneException(AcmeException cause) {
        super(cause.getMessage(), cause);
    }
}

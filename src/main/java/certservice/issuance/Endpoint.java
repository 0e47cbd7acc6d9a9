package certservice.issuance;

import certservice.domain.NameToProve;
import java.util.List;
import java.util.Locale;

/** The two ways to ask for certificates, and what they make of a request's names. */
enum Endpoint {

    /** One certificate for all names. */
    CERT {
        @Override
        List<List<NameToProve>> certificates(List<NameToProve> names, boolean callersKey) {
            return List.of(names);
        }
    },

    /** One certificate for each name; but one for all if the caller brings the key, since it is one key. */
    PEM {
        @Override
        List<List<NameToProve>> certificates(List<NameToProve> names, boolean callersKey) {
            return callersKey ? List.of(names) : names.stream().map(List::of).toList();
        }
    };

    abstract List<List<NameToProve>> certificates(List<NameToProve> names, boolean callersKey);

    /** The last part of its path. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

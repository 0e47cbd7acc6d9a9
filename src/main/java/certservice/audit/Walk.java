package certservice.audit;

import java.util.ArrayList;
import java.util.List;

/** A walk along the chain, entry by entry, and what was found on it. */
final class Walk {

    private static final int MOST_SHOWN = 100;

    private final List<Finding> findings = new ArrayList<>();
    private long total;
    private long entries;
    private long last;
    private String stored;
    private String computed;
    private boolean trusted = true;

    /** @param begin after which it begins */
    Walk(AuditAnchor begin) {
        this.last = begin.number();
        this.stored = begin.hash();
        this.computed = begin.hash();
    }

    /** The number of the entry passed last. */
    long last() {
        return last;
    }

    void found(Finding.Kind kind, long number, String detail) {
        total++;
        if (findings.size() < MOST_SHOWN) {
            findings.add(new Finding(kind, number, detail));
        }
    }

    /** The next entry. One that follows a finding need not follow the entry before: that would be the same again. */
    void pass(AuditEntry entry, ChainKey key) {
        boolean gap = entry.number() > last + 1;
        if (gap) {
            found(Finding.Kind.REMOVED, last + 1, range(last + 1, entry.number() - 1) + " missing");
        }
        String hash = key.hashOf(entry);
        boolean intact = hash.equals(entry.hash());
        if (!intact) {
            found(Finding.Kind.CHANGED, entry.number(), "it does not say what the service has written");
        } else if (trusted && !gap && !entry.previousHash().equals(stored) && !entry.previousHash().equals(computed)) {
            found(Finding.Kind.REORDERED, entry.number(), "it does not follow the entry before: one of them was moved,"
                    + " or what stood between them is gone");
        }
        if (intact && entry.action().equals(Action.TAMPERING_FOUND.name())) {
            found(Finding.Kind.RECORDED, entry.number(), "the service found at " + entry.moment() + ": "
                    + entry.detail().orElse(""));
        }
        entries++;
        last = entry.number();
        stored = entry.hash();
        computed = hash;
        trusted = intact;
    }

    /** The walk is over. */
    void end(AuditAnchor end, boolean sealed) {
        if (last < end.number()) {
            found(Finding.Kind.TRUNCATED, last + 1, range(last + 1, end.number()) + " missing at the end");
        } else if (trusted && sealed && !stored.equals(end.hash())) {
            found(Finding.Kind.REORDERED, last, "it is not the entry that the chain ended with");
        }
    }

    private static String range(long first, long last) {
        return first == last ? "entry " + first + " is" : "entries " + first + " to " + last + " are";
    }

    AuditReport report(AuditAnchor end) {
        return new AuditReport(entries, end, findings, total);
    }
}

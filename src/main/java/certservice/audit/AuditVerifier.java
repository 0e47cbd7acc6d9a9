package certservice.audit;

import certservice.settings.MasterKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Walks along the chain and finds what is not as the service has left it. It reads in portions, without a lock, so it
 * may be asked while nodes write; what they write meanwhile is not looked at.
 */
public final class AuditVerifier {

    private static final int PORTION = 1000;

    private final DataSource dataSource;
    private final MasterKey masterKey;

    public AuditVerifier(DataSource dataSource, MasterKey masterKey) {
        this.dataSource = dataSource;
        this.masterKey = masterKey;
    }

    /**
     * Verifies the whole chain.
     *
     * @param known what it was like earlier, from elsewhere than the database; only these show that somebody has put
     *              an older state of the whole chain in its place
     */
    public AuditReport verify(List<AuditAnchor> known) throws SQLException {
        return verify(AuditAnchor.BEGINNING, known);
    }

    /** Verifies what came after that entry, and that this one is still there. */
    public AuditReport verifySince(AuditAnchor known) throws SQLException {
        return verify(known, List.of(known));
    }

    private record Head(AuditAnchor end, String seal, String sealedKey) {
    }

    private AuditReport verify(AuditAnchor begin, List<AuditAnchor> known) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Optional<Head> head = head(connection);
            Walk walk = new Walk(begin);
            if (head.isEmpty()) {
                walk.found(Finding.Kind.HEAD_CHANGED, 0, "the chain's end and key are gone; nothing can be verified");
            } else if (head.get().sealedKey() == null) {
                empty(connection, head.get(), walk);
            } else {
                verify(connection, head.get(), walk);
            }
            for (AuditAnchor anchor : known) {
                compare(connection, anchor, walk);
            }
            return walk.report(head.map(Head::end).orElse(AuditAnchor.BEGINNING));
        }
    }

    private static void empty(Connection connection, Head head, Walk walk) throws SQLException {
        if (!head.end().equals(AuditAnchor.BEGINNING) || count(connection, "1 = 1") > 0) {
            walk.found(Finding.Kind.HEAD_CHANGED, 0, "the chain's key is gone; nothing can be verified");
        }
    }

    private void verify(Connection connection, Head head, Walk walk) throws SQLException {
        ChainKey key;
        try {
            key = ChainKey.open(masterKey, head.sealedKey());
        } catch (IllegalStateException e) {
            walk.found(Finding.Kind.HEAD_CHANGED, 0, "the chain's key can't be opened; nothing can be verified: "
                    + e.getMessage());
            return;
        }
        boolean sealed = key.sealOf(head.end()).equals(head.seal());
        if (!sealed) {
            walk.found(Finding.Kind.HEAD_CHANGED, 0, "the seal of the chain's end, entry " + head.end().number()
                    + ", is wrong");
        }
        List<AuditEntry> portion;
        do {
            portion = portion(connection, walk.last(), head.end().number());
            portion.forEach(entry -> walk.pass(entry, key));
        } while (portion.size() == PORTION);
        walk.end(head.end(), sealed);
        surplus(connection, walk);
    }

    /** One statement sees head and entries at one moment. */
    private static void surplus(Connection connection, Walk walk) throws SQLException {
        long outside = count(connection, "entry_number < 1 or entry_number > (select last_number from audit_head where"
                + " id = '" + ChainKey.HEAD + "')");
        if (outside > 0) {
            walk.found(Finding.Kind.INSERTED, 0, outside + " entries stand before the beginning or behind the end");
        }
    }

    private static void compare(Connection connection, AuditAnchor anchor, Walk walk) throws SQLException {
        if (anchor.number() > 0 && count(connection, "entry_number = " + anchor.number() + " and hash = '"
                + anchor.hash() + "'") == 0) {
            walk.found(Finding.Kind.NOT_AS_ANCHORED, anchor.number(), "there is no such entry, or it has another hash"
                    + " than when the anchor was taken");
        }
    }

    private static Optional<Head> head(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select last_number, last_hash, seal, sealed_key from audit_head"
                        + " where id = '" + ChainKey.HEAD + "'")) {
            return row.next() ? Optional.of(new Head(new AuditAnchor(row.getLong(1), row.getString(2)),
                    row.getString(3), row.getString(4))) : Optional.empty();
        }
    }

    private static List<AuditEntry> portion(Connection connection, long after, long last) throws SQLException {
        List<AuditEntry> portion = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("select * from audit_entry where entry_number > ?"
                + " and entry_number <= ? order by entry_number")) {
            select.setMaxRows(PORTION);
            select.setLong(1, after);
            select.setLong(2, last);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    portion.add(AuditEntry.read(rows));
                }
            }
        }
        return portion;
    }

    private static long count(Connection connection, String condition) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from audit_entry where " + condition)) {
            row.next();
            return row.getLong(1);
        }
    }
}

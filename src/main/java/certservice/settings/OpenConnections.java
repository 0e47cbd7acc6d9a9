package certservice.settings;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What an application has opened of its database, until the application ends. A thread that asks for a connection while
 * the server takes the application away still gets one from GlassFish, which never closes it: an H2 file stayed open,
 * and the next version could not have it. Safe for use by many threads.
 */
final class OpenConnections {

    private final Set<Connection> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean ended;

    /** @throws SQLException also if the application has ended, meanwhile too */
    Connection open(LastingConnection.Connector connector) throws SQLException {
        refuseAfterTheEnd();
        Connection fresh = connector.connect();
        try {
            keep(fresh);
            return fresh;
        } catch (SQLException e) {
            fresh.close();
            throw e;
        }
    }

    private synchronized void keep(Connection fresh) throws SQLException {
        refuseAfterTheEnd();
        for (Connection before : List.copyOf(open)) {
            if (before.isClosed()) {
                open.remove(before);
            }
        }
        open.add(fresh);
    }

    private synchronized void refuseAfterTheEnd() throws SQLException {
        if (ended) {
            throw new SQLException("certservice is being stopped", "08003");
        }
    }

    /** Closes what is open, and lets nothing be opened any more. */
    void end() {
        for (Connection left : ended()) {
            try {
                left.close();
            } catch (SQLException e) {
                // it is gone already
            }
        }
    }

    private synchronized List<Connection> ended() {
        ended = true;
        List<Connection> left = List.copyOf(open);
        open.clear();
        return left;
    }
}

package certservice.admin;

import certservice.settings.CertserviceDataSource;
import certservice.settings.MasterKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * A command for operators: seals everything that the master key of the settings has sealed under another one.
 * {@code docs/database.md} shows its use. The service is stopped meanwhile, on all nodes.
 */
public final class ChangeMasterKey {

    private static final String USAGE = "Usage: java -cp 'WEB-INF/classes:WEB-INF/lib/*' -Dcertservice.data.dir=…"
            + " certservice.admin.ChangeMasterKey <file with the new key>";

    /**
     * What is sealed.
     *
     * @param purpose begins what the value was sealed for; the row's id follows
     */
    private record Sealed(String table, String id, String column, String purpose) {
    }

    private static final List<Sealed> ALL = List.of(
            new Sealed("acme_account", "id", "sealed_private_key", "acme-account:"),
            new Sealed("acme_account", "id", "next_sealed_private_key", "acme-account:"),
            new Sealed("dns_provider", "name", "sealed_settings", "dns-provider:"),
            new Sealed("certificate_order", "id", "sealed_private_key", "certificate-order:"),
            new Sealed("order_batch", "id", "sealed_options", "order-batch:"),
            new Sealed("audit_head", "id", "sealed_key", "audit-key:"));

    private final DataSource dataSource;
    private final MasterKey before;
    private final MasterKey after;

    ChangeMasterKey(DataSource dataSource, MasterKey before, MasterKey after) {
        this.dataSource = dataSource;
        this.before = before;
        this.after = after;
    }

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            int changed = new ChangeMasterKey(new CertserviceDataSource(), MasterKey.ofProcess(),
                    MasterKey.ofFile(Path.of(arguments[0]))).run();
            System.out.println(changed + " values are sealed under the new master key. Put it in the old one's place"
                    + " before the service starts.");
        } catch (SQLException | RuntimeException e) {
            System.err.println("Nothing was changed: " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Seals all values anew, in one transaction.
     *
     * @return how many there were
     * @throws IllegalStateException if one was not sealed with the old key; nothing is changed then
     */
    int run() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            int changed = 0;
            for (Sealed each : ALL) {
                changed += change(connection, each);
            }
            connection.commit();
            return changed;
        }
    }

    private int change(Connection connection, Sealed sealed) throws SQLException {
        int changed = 0;
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select " + sealed.id() + ", " + sealed.column() + " from "
                        + sealed.table() + " where " + sealed.column() + " is not null");
                PreparedStatement update = connection.prepareStatement("update " + sealed.table() + " set "
                        + sealed.column() + " = ? where " + sealed.id() + " = ?")) {
            while (rows.next()) {
                String purpose = sealed.purpose() + rows.getString(1);
                update.setString(1, after.seal(purpose, before.open(purpose, rows.getString(2))));
                update.setString(2, rows.getString(1));
                changed += update.executeUpdate();
            }
        }
        return changed;
    }
}

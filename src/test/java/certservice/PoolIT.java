package certservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.abort;

import certservice.harness.PostgresqlServer;
import certservice.harness.TestBed;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL by {@code certservice.db.jndi}: a pool of the server's own, which the script in {@code server-config}
 * makes.
 */
class PoolIT {

    private static final String REQUEST = "{\"staging\":false,\"domains\":\"www.example.com\"}";

    private TestBed bed;
    private PostgresqlServer postgresql;

    @AfterEach
    void stop() {
        for (AutoCloseable part : new AutoCloseable[] {bed, postgresql}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void issuesWithThePoolOfTheServerAlsoAfterTheDatabaseWasAway() throws Exception {
        Optional<PostgresqlServer> found = PostgresqlServer.in("pool-postgresql");
        assumeThat(found).as("PostgreSQL is installed").isPresent();
        postgresql = found.get();
        PostgresqlServer.Database database = postgresql.database("pool");
        try {
            bed = TestBed.in("pool").poolFor(database).start();
        } catch (UnsupportedOperationException noPool) {
            abort(noPool.getMessage());
        }

        assertThat(Delivered.ofCert(bed.client().cert(REQUEST)).keyBelongsToLeaf()).isTrue();
        assertThat(issued(database)).isEqualTo("1");
        postgresql.awaitNoDeliveryIsUnderWay(database);
        postgresql.kill();
        assertThat(bed.client().cert(REQUEST).status()).as("without the database").isEqualTo(503);
        postgresql.start();
        assertThat(bed.client().cert(REQUEST).status()).as("with the database again").isEqualTo(200);
        assertThat(issued(database)).isEqualTo("2");
    }

    private String issued(PostgresqlServer.Database database) {
        return postgresql.ask(database, "select count(*) from certificate_order where status = 'ISSUED'");
    }
}

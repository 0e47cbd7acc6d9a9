package certservice.settings;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * A process that commits numbered rows through the service's data source, on several threads, and says so on its
 * standard output: for each thread first {@code found <thread> [<number>, …]}, then
 * {@code <thread> <number>} after each commit. It ends when it is killed, or who has started it has ended.
 */
final class Committer {

    static final int THREADS = 3;
    static final String FOUND = "found";

    /** Without a buffer: what is told must not die with the process. */
    private static final FileOutputStream OUTPUT = new FileOutputStream(FileDescriptor.out);

    private final DataSource database;
    private final int thread;
    private final Random random = new Random();

    private Committer(DataSource database, int thread) {
        this.database = database;
        this.thread = thread;
    }

    public static void main(String... arguments) throws SQLException, IOException {
        DataSource database = new CertserviceDataSource();
        try (Connection connection = database.getConnection()) {
            connection.createStatement().execute("create table if not exists told (thread int, number int,"
                    + " primary key (thread, number))");
            connection.createStatement().execute("create table if not exists changed (id int primary key,"
                    + " content varbinary(100000))");
        }
        IntStream.range(0, THREADS).mapToObj(thread -> new Committer(database, thread)).forEach(Committer::start);
        while (System.in.read() >= 0) {
            tell("nobody says anything to this process");
        }
        Runtime.getRuntime().halt(1);
    }

    private void start() {
        new Thread(() -> {
            try (Connection connection = database.getConnection()) {
                connection.setAutoCommit(false);
                work(connection, tellFound(connection));
            } catch (SQLException e) {
                tell("failed " + e);
            }
        }).start();
    }

    private int tellFound(Connection connection) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (ResultSet found = connection.createStatement().executeQuery(
                "select number from told where thread = " + thread + " order by number")) {
            while (found.next()) {
                numbers.add(found.getInt(1));
            }
        }
        connection.commit();
        tell(FOUND + " " + thread + " " + numbers);
        return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
    }

    private void work(Connection connection, int highest) throws SQLException {
        for (int number = highest + 1;; number++) {
            try {
                write(connection, number);
                connection.commit();
                tell(thread + " " + number);
            } catch (SQLIntegrityConstraintViolationException halfThere) {
                connection.rollback(); // of the last transaction before a kill, of which nobody was told: see ADR 6
            }
        }
    }

    /** What is changed over and over leaves gaps in the file, in which H2 puts what comes next. */
    private void write(Connection connection, int number) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into told values (?, ?)");
                PreparedStatement change = connection.prepareStatement("merge into changed values (?, ?)")) {
            insert.setInt(1, thread);
            insert.setInt(2, number);
            insert.executeUpdate();
            byte[] content = new byte[random.nextInt(20_000)];
            random.nextBytes(content);
            change.setInt(1, thread * 10 + random.nextInt(10));
            change.setBytes(2, content);
            change.executeUpdate();
        }
    }

    private static void tell(String line) {
        try {
            OUTPUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file as a kill would leave it between any two writes, and in the middle of one. */
class InterruptedWriteTest {

    /** As many commits until H2 fills the gaps in its file, and as many as are looked at. */
    private static final int BEFORE = 60;
    private static final int COMMITS = 12;

    /** {@code -Dsteps=1} looks at each state of the file, by default at each twelfth of several hundred. */
    private static final int STEPS = Integer.getInteger("steps", 12);

    /** A state of the file, and the commits that were told by then. */
    private record State(byte[] file, int told) {
    }

    /** Keeps each state that the file on it has been in. */
    public static final class WatchedDisk extends FilePathWrapper {

        private static final List<State> STATES = new ArrayList<>();
        private static Path watched;
        private static volatile int told;
        private static int number;

        static void watch(Path file) {
            STATES.clear();
            watched = file;
        }

        private static synchronized void keep() throws IOException {
            if (watched != null && number++ % STEPS == 0) {
                STATES.add(new State(Files.readAllBytes(watched), told));
            }
        }

        @Override
        public String getScheme() {
            return "watched";
        }

        @Override
        public FileChannel open(String mode) throws IOException {
            FileChannel file = super.open(mode);
            return new FileBaseDefault() {
                @Override
                public int write(ByteBuffer source, long position) throws IOException {
                    int half = Math.max(1, source.remaining() / 2);
                    int written = file.write(source.slice(source.position(), half), position);
                    source.position(source.position() + written);
                    keep();
                    return written;
                }

                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    return file.read(target, position);
                }

                @Override
                public long size() throws IOException {
                    return file.size();
                }

                @Override
                protected void implTruncate(long size) throws IOException {
                    file.truncate(size);
                    keep();
                }

                @Override
                public FileLock tryLock(long position, long size, boolean shared) throws IOException {
                    return file.tryLock(position, size, shared);
                }

                @Override
                protected void implCloseChannel() throws IOException {
                    file.close();
                }
            };
        }
    }

    @TempDir
    Path folder;

    @Test
    void leavesWhatWasCommitted() throws Exception {
        FilePath.register(new WatchedDisk());
        try (Connection connection = open("watched:" + folder.resolve("kept") + ";RETENTION_TIME=0")) {
            connection.createStatement().execute("create table told (number int primary key)");
            connection.createStatement().execute("create table changed (id int primary key, v varbinary(50000))");
            connection.setAutoCommit(false);
            for (int commit = 1; commit <= BEFORE + COMMITS; commit++) {
                if (commit == BEFORE) {
                    WatchedDisk.watch(folder.resolve("kept.mv.db"));
                }
                connection.createStatement().execute("insert into told values (" + commit + ")");
                connection.createStatement().execute("merge into changed values (" + commit % 5
                        + ", secure_rand(" + commit % 7 * 5000 + "))");
                connection.commit();
                WatchedDisk.told = commit;
            }
        }
        List<State> states = List.copyOf(WatchedDisk.STATES);
        WatchedDisk.watch(null);
        assertThat(states).hasSizeGreaterThan(COMMITS);
        for (int state = 0; state < states.size(); state++) {
            Path left = folder.resolve("left.mv.db");
            Files.write(left, states.get(state).file());
            for (String time : List.of("first", "second")) {
                assertThat(told()).as("opened the %s time, state %s of %s", time, state, states.size())
                        .isBetween(states.get(state).told(), states.get(state).told() + 1);
            }
        }
    }

    /** Opens the file and closes it. */
    private int told() throws SQLException {
        try (Connection connection = open(folder.resolve("left").toString());
                ResultSet row = connection.createStatement().executeQuery(
                        "select count(*), max(number), (select count(length(v)) from changed) from told")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(row.getInt(2));
            assertThat(row.getInt(3)).isEqualTo(5);
            return row.getInt(1);
        }
    }

    private static Connection open(String file) throws SQLException {
        return LastingConnection.to(CertserviceDataSource.of(CurrentFilePath.URL + file, "certservice", null)
                ::getConnection, "H2");
    }
}

package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CurrentFileChannelTest {

    private static final int BLOCK = 4096;
    private static final int FOOTER = 128;
    private static final Pattern CHUNK = Pattern.compile(
            "chunk:([0-9a-f]+),len:([0-9a-f]+),.*version:([0-9a-f]+),.*");

    @TempDir
    Path folder;

    /** A disk that can be made full. */
    public static final class SmallDisk extends FilePathWrapper {

        private static volatile boolean full;

        @Override
        public String getScheme() {
            return "small";
        }

        @Override
        public FileChannel open(String mode) throws IOException {
            FileChannel file = super.open(mode);
            return new FileBaseDefault() {
                @Override
                public int write(ByteBuffer source, long position) throws IOException {
                    if (full && position + source.remaining() > file.size()) {
                        throw new IOException("No space left on device");
                    }
                    return file.write(source, position);
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
                }

                @Override
                public FileLock tryLock(long position, long size, boolean shared)
                        throws IOException {
                    return file.tryLock(position, size, shared);
                }

                @Override
                protected void implCloseChannel() throws IOException {
                    file.close();
                }
            };
        }
    }

    @BeforeEach
    void haveSpace() {
        SmallDisk.full = false;
    }

    /** With no thread of H2's that writes while this one reads. */
    @Test
    void namesTheNewestChunkAfterEachCommit() throws Exception {
        try (Connection connection = open(current(";RETENTION_TIME=0;WRITE_DELAY=3600000"))) {
            connection.createStatement().execute("create table kept (id int primary key, content varbinary(50000))");
            connection.setAutoCommit(false);
            long chunks = 0;
            for (int commit = 1; commit <= 150; commit++) {
                connection.createStatement().execute("merge into kept values (" + commit % 5 + ", secure_rand("
                        + commit % 7 * 5000 + "))");
                connection.commit();
                byte[] file = Files.readAllBytes(file());
                Map<String, String> newest = newestChunk(file);
                for (int copy = 0; copy < 2; copy++) {
                    assertThat(header(file, copy)).as("copy %s after commit %s", copy, commit).containsAllEntriesOf(
                            newest).containsKeys("H", "blockSize", "created", "format").doesNotContainKey("clean");
                }
                chunks += Long.parseLong(newest.get("block"), 16) * BLOCK < file.length / 2 ? 1 : 0;
            }
            assertThat(chunks).as("chunks in gaps of the file").isPositive();
        }
        assertThat(header(Files.readAllBytes(file()), 0)).as("header of a closed file").doesNotContainKey("clean");
    }

    @Test
    void opensAFileOfH2AndH2OpensItsFile() throws Exception {
        String file = "jdbc:h2:file:" + folder.resolve("kept");
        try (Connection h2 = DriverManager.getConnection(file, "certservice", "")) {
            h2.createStatement().execute("create table kept (id int)");
            h2.createStatement().execute("insert into kept values (1)");
        }
        try (Connection connection = open(current(""))) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("insert into kept values (2)");
            connection.commit();
            Files.copy(file(), folder.resolve("killed.mv.db"));
        }
        for (String name : new String[] {"kept", "killed"}) {
            try (Connection h2 = DriverManager.getConnection("jdbc:h2:file:" + folder.resolve(name), "certservice",
                    "")) {
                assertThat(rows(h2)).isEqualTo(2);
            }
        }
    }

    @Test
    void opensAnEncryptedFile() throws Exception {
        for (int rows = 0; rows < 3; rows++) {
            try (Connection connection = DriverManager.getConnection(registered(current(";CIPHER=AES")),
                    "certservice", "secret user")) {
                connection.createStatement().execute("create table if not exists kept (id int)");
                assertThat(rows(connection)).isEqualTo(rows);
                connection.createStatement().execute("insert into kept values (1)");
                connection.createStatement().execute("checkpoint sync");
            }
        }
    }

    @Test
    void reportsThatTheDiskIsFullAndWorksAgainWhenThereIsSpace() throws Exception {
        FilePath.register(new SmallDisk());
        try (Connection connection = open("jdbc:h2:current:small:" + folder.resolve("kept"))) {
            connection.createStatement().execute("create table kept (id int, content varbinary(50000))");
            connection.setAutoCommit(false);
            insert(connection, 1);
            SmallDisk.full = true;
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
                for (int id = 2; id < 100; id++) {
                    insert(connection, id);
                }
            }).withStackTraceContaining("No space left on device");
            SmallDisk.full = false;
            connection.rollback();
            int before = rows(connection);
            insert(connection, 100);
            assertThat(rows(connection)).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "jdbc:h2:file:/data/x;IFEXISTS=TRUE, jdbc:h2:current:/data/x;IFEXISTS=TRUE",
            "jdbc:h2:/data/x,                    jdbc:h2:current:/data/x",
            "jdbc:h2:~/x,                        jdbc:h2:current:~/x",
            "jdbc:h2:./x,                        jdbc:h2:current:./x",
            "jdbc:h2:C:/data/x,                  jdbc:h2:current:C:/data/x",
            "jdbc:h2:file:C:/data/x,             jdbc:h2:current:C:/data/x",
            "jdbc:h2:current:/data/x,            jdbc:h2:current:/data/x",
            "jdbc:h2:mem:x,                      jdbc:h2:mem:x",
            "jdbc:h2:nio:/data/x,                jdbc:h2:nio:/data/x",
            "jdbc:h2:tcp://localhost/~/x,        jdbc:h2:tcp://localhost/~/x",
    })
    void isForEveryUrlOfAFile(String given, String url) {
        assertThat(CurrentFilePath.url(given)).isEqualTo(url);
    }

    private String current(String options) {
        return CurrentFilePath.URL + folder.resolve("kept") + options;
    }

    private Path file() {
        return folder.resolve("kept.mv.db");
    }

    private static String registered(String url) {
        CurrentFilePath.register();
        return url;
    }

    /** Through the service's own connections, since they write what is committed. */
    private static Connection open(String url) throws SQLException {
        return LastingConnection.to(CertserviceDataSource.of(url, "certservice", null)::getConnection, "H2");
    }

    private static void insert(Connection connection, int id) throws SQLException {
        connection.createStatement().execute("insert into kept values (" + id + ", secure_rand(40000))");
        connection.commit();
    }

    private static int rows(Connection connection) throws SQLException {
        try (ResultSet count = connection.createStatement().executeQuery("select count(*) from kept")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static Map<String, String> header(byte[] file, int copy) {
        return DataUtils.parseMap(line(file, copy * BLOCK));
    }

    /** A chunk is there where a block begins as one, and its footer is where its length says. */
    private static Map<String, String> newestChunk(byte[] file) {
        Map<String, String> newest = null;
        for (int block = 2; block < file.length / BLOCK; block++) {
            Matcher chunk = CHUNK.matcher(line(file, block * BLOCK));
            if (chunk.matches() && line(file, (block + Integer.parseInt(chunk.group(2), 16)) * BLOCK - FOOTER)
                    .startsWith("chunk:" + chunk.group(1) + ",")
                    && (newest == null || Long.parseLong(chunk.group(3), 16) > version(newest))) {
                newest = Map.of("chunk", chunk.group(1), "version", chunk.group(3),
                        "block", Integer.toHexString(block));
            }
        }
        return newest;
    }

    private static long version(Map<String, String> chunk) {
        return Long.parseLong(chunk.get("version"), 16);
    }

    private static String line(byte[] file, int start) {
        if (start >= file.length) {
            return "";
        }
        String text = new String(file, start, Math.min(1024, file.length - start), StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        return (end < 0 ? text : text.substring(0, end)).trim();
    }
}

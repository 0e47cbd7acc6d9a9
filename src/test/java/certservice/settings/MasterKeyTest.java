package certservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeyTest {

    private static final String PURPOSE = "dns-provider:corp";
    private static final byte[] CLEAR = "tsig secret".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void isMadeAtTheFirstStartReadableByTheOwnerOnly() throws IOException {
        Path data = folder.resolve("new/data");
        MasterKey.load(nothingSet(), data);
        Path file = data.resolve("master.key");
        assertThat(Base64.getDecoder().decode(Files.readString(file).strip())).hasSize(32);
        assumeTrue(DataDirectory.hasPosixPermissions(file), "this file system has no POSIX permissions");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data))).isEqualTo("rwx------");
    }

    @Test
    void leavesNothingButTheKeyFileBehind() throws IOException {
        MasterKey.load(nothingSet(), folder);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("master.key"));
        }
    }

    @Test
    void isReadAgainAtTheNextStart() {
        String sealed = MasterKey.load(nothingSet(), folder).seal(PURPOSE, CLEAR);
        assertThat(MasterKey.load(nothingSet(), folder).open(PURPOSE, sealed)).isEqualTo(CLEAR);
    }

    @Test
    void comesFromTheSettingBeforeTheFile() {
        String setting = base64(32);
        MasterKey configured = MasterKey.load(
                SettingsOfTests.sourceOf(Map.of("certservice.master-key", setting)), folder);
        assertThat(folder.resolve("master.key")).doesNotExist();
        assertThat(new MasterKey(Base64.getDecoder().decode(setting)).open(PURPOSE, configured.seal(PURPOSE, CLEAR)))
                .isEqualTo(CLEAR);
    }

    @Test
    void comesFromTheFileThatTheSettingNames() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), base64(32) + "\n");
        MasterKey configured = MasterKey.load(
                SettingsOfTests.sourceOf(Map.of("certservice.master-key-file", file.toString())), folder);
        assertThat(configured.open(PURPOSE, configured.seal(PURPOSE, CLEAR))).isEqualTo(CLEAR);
        assertThat(folder.resolve("master.key")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33, 64})
    void rejectsASettingOfAnotherLengthWithoutShowingIt(int bytes) {
        assertRejectedWithoutShowing("x" + base64(bytes));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> new MasterKey(new byte[bytes]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse battery staple", "0123456789abcdef0123456789abcdef", "gähn"})
    void rejectsASettingThatIsNoKeyWithoutShowingIt(String setting) {
        assertRejectedWithoutShowing(setting);
    }

    private void assertRejectedWithoutShowing(String setting) {
        assertThatExceptionOfType(WrongSetting.class)
                .isThrownBy(() -> MasterKey.load(
                        SettingsOfTests.sourceOf(Map.of("certservice.master-key", setting)), folder))
                .withMessage("Setting certservice.master-key = '(not shown)': allowed is 32 bytes in Base64,"
                        + " as 'openssl rand -base64 32' prints them")
                .withNoCause();
    }

    @Test
    void rejectsAKeyFileThatHoldsNoKeyNamingTheFileAndWithoutShowingIt() throws IOException {
        Files.writeString(folder.resolve("master.key"), "c2hvcnQ=");
        assertThatExceptionOfType(WrongSetting.class)
                .isThrownBy(() -> MasterKey.load(nothingSet(), folder))
                .withMessageContaining("certservice.data.dir = '" + folder + "'")
                .withMessageContaining("master.key")
                .withMessageContaining("32 bytes in Base64")
                .withMessageNotContaining("c2hvcnQ=")
                .withNoCause();
    }

    @Test
    void rejectsADataDirectoryThatCantBeMade() throws IOException {
        Path occupied = Files.writeString(folder.resolve("file"), "");
        assertThatExceptionOfType(WrongSetting.class)
                .isThrownBy(() -> MasterKey.load(nothingSet(), occupied.resolve("data")))
                .withMessageContaining("certservice.data.dir")
                .withMessageContaining("a folder that this server can write to");
    }

    @Test
    void isOneWhenManyServersMakeItAtTheSameMoment() throws Exception {
        int servers = 16;
        Path data = folder.resolve("shared");
        CyclicBarrier start = new CyclicBarrier(servers);
        ExecutorService threads = Executors.newFixedThreadPool(servers);
        try {
            List<Callable<MasterKey>> starts = new ArrayList<>();
            for (int i = 0; i < servers; i++) {
                starts.add(() -> {
                    start.await();
                    return MasterKey.load(nothingSet(), data);
                });
            }
            String sealed = null;
            for (Future<MasterKey> started : threads.invokeAll(starts)) {
                MasterKey key = started.get();
                sealed = sealed == null ? key.seal(PURPOSE, CLEAR) : sealed;
                assertThat(key.open(PURPOSE, sealed)).isEqualTo(CLEAR);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 100_000})
    void opensWhatItSealed(int length) {
        MasterKey key = new MasterKey(new byte[32]);
        byte[] clear = new byte[length];
        assertThat(key.open(PURPOSE, key.seal(PURPOSE, clear))).isEqualTo(clear);
    }

    @Test
    void sealsTheSameTextDifferentlyEachTime() {
        MasterKey key = new MasterKey(new byte[32]);
        assertThat(key.seal(PURPOSE, CLEAR)).isNotEqualTo(key.seal(PURPOSE, CLEAR));
    }

    @Test
    void opensNothingThatWasSealedForAnotherPurpose() {
        MasterKey key = new MasterKey(new byte[32]);
        String sealed = key.seal("dns-provider:corp", CLEAR);
        assertThatIllegalStateException().isThrownBy(() -> key.open("acme-account:corp", sealed));
    }

    @Test
    void opensNothingThatAnotherKeySealed() {
        byte[] other = new byte[32];
        other[31] = 1;
        String sealed = new MasterKey(other).seal(PURPOSE, CLEAR);
        assertThatIllegalStateException().isThrownBy(() -> new MasterKey(new byte[32]).open(PURPOSE, sealed))
                .withMessageContaining("another master key");
    }

    @Test
    void opensNothingInWhichAnyByteWasChanged() {
        MasterKey key = new MasterKey(new byte[32]);
        byte[] sealed = Base64.getDecoder().decode(key.seal(PURPOSE, CLEAR));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            String text = Base64.getEncoder().encodeToString(changed);
            assertThatIllegalStateException().as("byte %s", i).isThrownBy(() -> key.open(PURPOSE, text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AQ==", "not Base64 at all", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="})
    void opensNothingThatIsNoSealedText(String text) {
        assertThatIllegalStateException().isThrownBy(() -> new MasterKey(new byte[32]).open(PURPOSE, text));
    }

    private static SettingSource nothingSet() {
        return SettingsOfTests.sourceOf(Map.of());
    }

    private static String base64(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}

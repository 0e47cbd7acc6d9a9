package certservice.harness;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Real programs that open a PFX: each imports the file the way its users do, and hands out what it found. */
public enum PfxReaders {

    /** {@code openssl pkcs12} with its default algorithms. */
    OPENSSL("openssl") {
        @Override
        Contents read(Path directory) {
            return openssl(directory, List.of());
        }
    },

    /** {@code openssl pkcs12 -legacy}. */
    OPENSSL_LEGACY("openssl") {
        @Override
        Contents read(Path directory) {
            return openssl(directory, List.of("-legacy"));
        }
    },

    /** {@code keytool -importkeystore} into a new store. */
    KEYTOOL("keytool") {
        @Override
        Contents read(Path directory) throws IOException, GeneralSecurityException {
            run(directory, "keytool", "-importkeystore", "-noprompt", "-srckeystore", PFX, "-srcstoretype", "PKCS12",
                    "-srcstorepass:file", PASSWORD, "-destkeystore", COPY, "-deststoretype", "PKCS12",
                    "-deststorepass:file", COPY_PASSWORD);
            return keyStore(directory.resolve(COPY), COPY_SECRET);
        }
    },

    /** {@code java.security.KeyStore} in this JVM. */
    JAVA(null) {
        @Override
        Contents read(Path directory) throws IOException, GeneralSecurityException {
            return keyStore(directory.resolve(PFX), Files.readString(directory.resolve(PASSWORD)).stripTrailing());
        }
    },

    /** NSS, as in Firefox: {@code pk12util} imports into a fresh database, and exports from it again. */
    NSS("pk12util") {
        @Override
        Contents read(Path directory) throws IOException, GeneralSecurityException {
            Files.createDirectory(directory.resolve("nss"));
            run(directory, "certutil", "-N", "-d", "sql:nss", "--empty-password");
            run(directory, "pk12util", "-i", PFX, "-d", "sql:nss", "-w", PASSWORD);
            String name = first("(?m)^(.*?) +u,u,u$", run(directory, "certutil", "-L", "-d", "sql:nss"));
            // a shell, for a name outside ASCII: Java encodes arguments as the locale has it, which may be C
            Files.writeString(directory.resolve("nickname"), name);
            run(directory, "sh", "-c",
                    "pk12util -o " + COPY + " -n \"$(cat nickname)\" -d sql:nss -w " + COPY_PASSWORD);
            return keyStore(directory.resolve(COPY), COPY_SECRET).named(name);
        }
    },

    /** GnuTLS: {@code certtool --p12-info}, and {@code --key-info} for the key. */
    GNUTLS("certtool") {
        @Override
        Contents read(Path directory) throws IOException, GeneralSecurityException {
            String password = Files.readString(directory.resolve(PASSWORD)).stripTrailing();
            // a template is certtool's only way to take a password from a file, and can't say "empty"
            Files.writeString(directory.resolve("template"), "password = \"" + password + "\"\n");
            List<String> secret = password.isEmpty() ? List.of("--empty-password") : List.of("--template", "template");
            String all = run(directory, command(List.of("certtool", "--p12-info", "--inder", "--infile", PFX), secret));
            Files.writeString(directory.resolve("key.pem"),
                    first("(?s)(-----BEGIN ENCRYPTED PRIVATE KEY-----.*?-----END ENCRYPTED PRIVATE KEY-----)", all));
            String key = run(directory, command(List.of("certtool", "--key-info", "--infile", "key.pem"), secret));
            Files.writeString(directory.resolve("plain.pem"),
                    first("(?s)(-----BEGIN (?:RSA|EC) PRIVATE KEY-----.*-----END (?:RSA|EC) PRIVATE KEY-----)", key));
            String pkcs8 = run(directory, "openssl", "pkcs8", "-topk8", "-nocrypt", "-in", "plain.pem");
            return new Contents(privateKey(pkcs8), certificates(all), first("Friendly name: (.*)", all));
        }
    };

    private static final String PFX = "in.pfx";
    private static final String PASSWORD = "in.password";
    private static final String COPY = "out.pfx";
    private static final String COPY_PASSWORD = "out.password";
    private static final String COPY_SECRET = "only-for-the-copy";
    private static final long SECONDS = 60;

    private final String command;

    PfxReaders(String command) {
        this.command = command;
    }

    /**
     * What came out of a file.
     *
     * @param certificates in the reader's order
     * @param friendlyName of key and leaf, as {@link PfxReaders#shows} has it
     */
    public record Contents(PrivateKey key, List<X509Certificate> certificates, String friendlyName) {

        /** Whether the key signs what the certificate verifies. */
        public boolean keyBelongsTo(X509Certificate certificate) {
            try {
                String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
                byte[] text = "text".getBytes(UTF_8);
                Signature signature = Signature.getInstance(algorithm);
                signature.initSign(key);
                signature.update(text);
                byte[] signed = signature.sign();
                signature.initVerify(certificate.getPublicKey());
                signature.update(text);
                return signature.verify(signed);
            } catch (GeneralSecurityException e) {
                return false;
            }
        }

        private Contents named(String name) {
            return new Contents(key, certificates, name);
        }

        /** Keys stay out of failure messages. */
        @Override
        public String toString() {
            return friendlyName + ": " + certificates.stream().map(X509Certificate::getSubjectX500Principal).toList();
        }
    }

    /** A reader refused the file; the message is what it printed. */
    public static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Unreadable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The program that this machine lacks, for the message of a test that is skipped. */
    public Optional<String> missingCommand() {
        boolean found = command == null || Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
        return found ? Optional.empty() : Optional.of(command);
    }

    /**
     * Opens the file with this program.
     *
     * @param directory where temporary files go; a new one is made inside
     * @param password  empty for none
     * @throws Unreadable if the program doesn't
     */
    public Contents read(Path directory, byte[] pfx, String password) {
        try {
            Path folder = Files.createTempDirectory(directory, name());
            Files.write(folder.resolve(PFX), pfx);
            Files.writeString(folder.resolve(PASSWORD), password + "\n");
            Files.writeString(folder.resolve(COPY_PASSWORD), COPY_SECRET + "\n");
            return read(folder);
        } catch (GeneralSecurityException | IOException e) {
            throw new Unreadable(this + ": " + e, e);
        }
    }

    /** How this program shows a friendly name: Java in lower case, OpenSSL 3.0 the low byte of each character. */
    public String shows(String friendlyName) {
        return switch (this) {
            case JAVA, KEYTOOL -> friendlyName.toLowerCase(Locale.ROOT);
            case OPENSSL, OPENSSL_LEGACY -> friendlyName.chars().map(character -> character & 0xff)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            case NSS, GNUTLS -> friendlyName;
        };
    }

    abstract Contents read(Path directory) throws IOException, GeneralSecurityException;

    /** What {@code openssl pkcs12 -info} says about the algorithms. */
    public static String algorithms(Path directory, byte[] pfx, String password) {
        try {
            Path folder = Files.createTempDirectory(directory, "info");
            Files.write(folder.resolve(PFX), pfx);
            Files.writeString(folder.resolve(PASSWORD), password + "\n");
            return run(folder, "openssl", "pkcs12", "-info", "-noout", "-in", PFX, "-passin", "file:" + PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Contents openssl(Path directory, Collection<String> options) {
        String[] command = command(
                List.of("openssl", "pkcs12", "-in", PFX, "-passin", "file:" + PASSWORD, "-nodes"), options);
        String all = new String(output(directory, command), ISO_8859_1);
        try {
            return new Contents(privateKey(all), certificates(all), first("friendlyName: (.*)", all));
        } catch (GeneralSecurityException e) {
            throw new Unreadable("openssl: " + e, e);
        }
    }

    private static Contents keyStore(Path file, String password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        for (String alias : Collections.list(store.aliases())) {
            Key key = store.getKey(alias, password.toCharArray());
            if (key instanceof PrivateKey found) {
                List<X509Certificate> chain = new ArrayList<>();
                for (Certificate certificate : store.getCertificateChain(alias)) {
                    chain.add((X509Certificate) certificate);
                }
                return new Contents(found, chain, alias);
            }
        }
        throw new Unreadable("no private key in the key store", null);
    }

    private static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        for (byte[] der : blocks("CERTIFICATE", text)) {
            found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        }
        return found;
    }

    private static PrivateKey privateKey(String text) throws GeneralSecurityException {
        List<byte[]> keys = blocks("PRIVATE KEY", text);
        if (keys.size() != 1) {
            throw new Unreadable(keys.size() + " private keys instead of one", null);
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(keys.get(0));
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(encoded);
        } catch (InvalidKeySpecException notRsa) {
            return KeyFactory.getInstance("EC").generatePrivate(encoded);
        }
    }

    private static List<byte[]> blocks(String label, String text) {
        return Pattern.compile("-----BEGIN " + label + "-----(.*?)-----END " + label + "-----", Pattern.DOTALL)
                .matcher(text).results()
                .map(block -> Base64.getMimeDecoder().decode(block.group(1))).toList();
    }

    private static String first(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().findFirst()
                .orElseThrow(() -> new Unreadable("no " + pattern + " in the output", null)).group(1);
    }

    private static String[] command(List<String> command, Collection<String> options) {
        List<String> all = new ArrayList<>(command);
        all.addAll(options);
        return all.toArray(String[]::new);
    }

    private static String run(Path directory, String... command) {
        return new String(output(directory, command), UTF_8);
    }

    private static byte[] output(Path directory, String... command) {
        try {
            Path out = Files.createTempFile(directory, "out", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new Unreadable(command[0] + " took longer than " + SECONDS + " s", null);
            }
            byte[] output = Files.readAllBytes(out);
            if (process.exitValue() != 0) {
                throw new Unreadable(command[0] + " exited with " + process.exitValue() + ": "
                        + new String(output, UTF_8), null);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreadable(command[0] + " was interrupted", e);
        }
    }
}

package certservice.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Where {@code pebble} and {@code pebble-challtestsrv} come from, in this order: the PATH; Debian's package,
 * downloaded through apt's own mirror and unpacked without root; {@code go install}; the container images. The first
 * that can do certificate profiles is taken (Pebble 2.7 and newer can). No version is asked for: packagers' builds
 * call themselves {@code dev}. Instead each candidate is started once and its directory read.
 */
public final class PebbleBinaries {

    private static final String PEBBLE = "pebble";
    private static final String CHALLTESTSRV = "pebble-challtestsrv";
    private static final String GO_MODULE = "github.com/letsencrypt/pebble/v2/cmd/";
    /** Where the engine finds the images; {@code -Dpebble.images=…/} names another registry. */
    private static final String IMAGES = System.getProperty("pebble.images", "letsencrypt/");
    private static final List<Path> DEBIAN_KEYRINGS = List.of(
            Path.of("/usr/share/keyrings/debian-archive-keyring.gpg"),
            Path.of("/usr/share/keyrings/debian-archive-keyring.pgp"));
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static PebbleBinaries found;

    private final Path pebble;
    private final Path challTestServer;
    private final String containerEngine;
    private final String origin;

    private PebbleBinaries(String origin, Path pebble, Path challTestServer, String containerEngine) {
        this.origin = origin;
        this.pebble = pebble;
        this.challTestServer = challTestServer;
        this.containerEngine = containerEngine;
    }

    /**
     * Finds or fetches the binaries; once per JVM.
     *
     * @throws IllegalStateException if there is no way to get them; its message says what was tried and what to install
     */
    public static synchronized PebbleBinaries find() {
        if (found == null) {
            found = BuildDirectory.alone("pebble", () -> new Search().run());
        }
        return found;
    }

    /** Where they come from, for people. */
    public String origin() {
        return origin;
    }

    /**
     * The command that runs Pebble.
     *
     * @param directory   holds every file that the arguments name
     * @param environment for a container, which doesn't inherit the process's
     */
    List<String> pebble(Path directory, Map<String, String> environment, List<String> arguments) {
        return command(PEBBLE, pebble, directory, environment, arguments);
    }

    List<String> challTestServer(List<String> arguments) {
        return command(CHALLTESTSRV, challTestServer, null, Map.of(), arguments);
    }

    private List<String> command(String image, Path binary, Path directory, Map<String, String> environment,
            List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (containerEngine == null) {
            command.add(binary.toString());
        } else {
            command.addAll(List.of(containerEngine, "run", "--rm", "--network", "host"));
            if (directory != null) {
                command.addAll(List.of("-v", directory + ":" + directory));
            }
            environment.forEach((name, value) -> command.addAll(List.of("-e", name + "=" + value)));
            command.add(IMAGES + image);
        }
        command.addAll(arguments);
        return command;
    }

    /** One search through all the places, with a note on each that failed. */
    private static final class Search {

        private final Path tools = BuildDirectory.tools();
        private final List<String> notes = new ArrayList<>();

        PebbleBinaries run() {
            List<Supplier<Optional<PebbleBinaries>>> places =
                    List.of(this::onPath, this::unpackedBefore, this::debian, this::go, this::container);
            return places.stream()
                    .flatMap(place -> place.get().stream())
                    .filter(this::canDoProfiles)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("""
                            Pebble, Let's Encrypt's test CA, is needed in version 2.7 or newer and was not found:
                            %s
                            Install pebble and pebble-challtestsrv on the PATH, or Go, or Docker or Podman."""
                            .formatted("  - " + String.join("\n  - ", notes))));
        }

        private Optional<PebbleBinaries> onPath() {
            Optional<Path> pebble = inPath(PEBBLE);
            Optional<Path> challTestServer = inPath(CHALLTESTSRV);
            if (pebble.isEmpty() || challTestServer.isEmpty()) {
                return missing("PATH: pebble or pebble-challtestsrv is not there");
            }
            return Optional.of(new PebbleBinaries("PATH: " + pebble.get(), pebble.get(), challTestServer.get(), null));
        }

        private Optional<PebbleBinaries> unpackedBefore() {
            return Stream.of(debianBin(), goBin()).flatMap(bin -> inDirectory("fetched before", bin).stream())
                    .findFirst();
        }

        private Optional<PebbleBinaries> debian() {
            Optional<Path> keyring = DEBIAN_KEYRINGS.stream().filter(Files::exists).findFirst();
            if (inPath("apt-get").isEmpty() || inPath("dpkg-deb").isEmpty() || keyring.isEmpty()) {
                return missing("Debian's package: apt-get, dpkg-deb or Debian's keyring is not there");
            }
            Run targets = execute(Map.of(), List.of(
                    "apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"));
            List<String> mirrors = targets.output().lines().distinct()
                    .filter(uri -> !uri.contains("security")).toList();
            for (String mirror : mirrors) {
                if (unpackDebian(mirror, keyring.get())) {
                    return inDirectory("Debian's package", debianBin());
                }
            }
            return missing("Debian's package: none of apt's " + mirrors.size() + " sources has it");
        }

        /** The newest package is in sid, and needs no newer library; so apt gets a state and a source of its own. */
        private boolean unpackDebian(String mirror, Path keyring) {
            try {
                Path apt = BuildDirectory.fresh("tools/apt");
                Files.createDirectories(apt.resolve("lists/partial"));
                Files.createDirectories(apt.resolve("cache/archives/partial"));
                Files.writeString(apt.resolve("sources.list"),
                        "deb [signed-by=" + keyring + "] " + mirror + " sid main\n");
                List<String> options = List.of(
                        "-o", "Dir::State::Lists=" + apt.resolve("lists"),
                        "-o", "Dir::Cache=" + apt.resolve("cache"),
                        "-o", "Dir::Etc::SourceList=" + apt.resolve("sources.list"),
                        "-o", "Dir::Etc::SourceParts=/dev/null",
                        "-o", "Dir::Etc::Preferences=/dev/null",
                        "-o", "Dir::Etc::PreferencesParts=/dev/null",
                        "-o", "APT::Default-Release=",
                        "-o", "APT::Sandbox::User=root",
                        "-o", "Acquire::Languages=none");
                if (!aptGet(apt, options, "update") || !aptGet(apt, options, "download", PEBBLE)) {
                    return false;
                }
                try (DirectoryStream<Path> packages = Files.newDirectoryStream(apt, "pebble_*.deb")) {
                    Path unpacked = BuildDirectory.fresh("tools/debian");
                    Run unpack = execute(Map.of(), List.of("dpkg-deb", "-x",
                            packages.iterator().next().toString(), unpacked.toString()));
                    return noteUnlessGood(unpack, "Debian's package: dpkg-deb");
                } finally {
                    BuildDirectory.fresh("tools/apt");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean aptGet(Path directory, List<String> options, String... arguments) {
            List<String> command = new ArrayList<>(List.of("apt-get", "-q"));
            command.addAll(options);
            command.addAll(List.of(arguments));
            return noteUnlessGood(execute(directory, Map.of(), command), "Debian's package: apt-get " + arguments[0]);
        }

        private Optional<PebbleBinaries> go() {
            if (inPath("go").isEmpty()) {
                return missing("go install: go is not there");
            }
            Map<String, String> environment = Map.of("GOBIN", goBin().toString());
            for (String binary : List.of(PEBBLE, CHALLTESTSRV)) {
                Run install = execute(environment, List.of("go", "install", GO_MODULE + binary + "@latest"));
                if (!noteUnlessGood(install, "go install")) {
                    return Optional.empty();
                }
            }
            return inDirectory("go install", goBin());
        }

        private Optional<PebbleBinaries> container() {
            for (String engine : List.of("docker", "podman")) {
                if (inPath(engine).isEmpty()) {
                    notes.add("container image: " + engine + " is not there");
                } else if (noteUnlessGood(execute(Map.of(), List.of(engine, "info")), "container image: " + engine)
                        && pull(engine, PEBBLE) && pull(engine, CHALLTESTSRV)) {
                    return Optional.of(new PebbleBinaries(engine + ": " + IMAGES + PEBBLE, null, null, engine));
                }
            }
            return Optional.empty();
        }

        private boolean pull(String engine, String image) {
            return noteUnlessGood(execute(Map.of(), List.of(engine, "pull", IMAGES + image)), "container image");
        }

        private boolean canDoProfiles(PebbleBinaries candidate) {
            Path directory = BuildDirectory.fresh("tools/probe");
            try (Pebble probe = new Pebble(candidate, Pebble.Options.forHttpPort(Ports.free()), directory,
                    new LocalCa(directory))) {
                if (!probe.start().directory().getJsonObject("meta").containsKey("profiles")) {
                    notes.add(candidate.origin + " is too old: it knows no certificate profiles");
                    return false;
                }
                return true;
            } catch (IllegalStateException | UncheckedIOException e) {
                notes.add(candidate.origin + " does not start: " + lastLine(e.getMessage()));
                return false;
            }
        }

        private Optional<PebbleBinaries> inDirectory(String origin, Path bin) {
            Path pebble = bin.resolve(PEBBLE);
            Path challTestServer = bin.resolve(CHALLTESTSRV);
            return Files.isExecutable(pebble) && Files.isExecutable(challTestServer)
                    ? Optional.of(new PebbleBinaries(origin + ": " + pebble, pebble, challTestServer, null))
                    : Optional.empty();
        }

        private Path debianBin() {
            return tools.resolve("debian/usr/bin");
        }

        private Path goBin() {
            return tools.resolve("go-bin");
        }

        private boolean noteUnlessGood(Run run, String what) {
            if (run.status() != 0) {
                notes.add(what + " failed with status " + run.status() + ": " + lastLine(run.output()));
            }
            return run.status() == 0;
        }

        private static String lastLine(String text) {
            return text.strip().lines().reduce("", (earlier, line) -> line);
        }

        private <T> Optional<T> missing(String note) {
            notes.add(note);
            return Optional.empty();
        }

        private Run execute(Map<String, String> environment, List<String> command) {
            return execute(tools, environment, command);
        }

        private static Run execute(Path directory, Map<String, String> environment, List<String> command) {
            try {
                Files.createDirectories(directory);
                Path output = Files.createTempFile(directory, "run", ".log");
                ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                        .redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (!ended) {
                    process.destroyForcibly().waitFor();
                }
                String text = Files.readString(output, StandardCharsets.ISO_8859_1);
                Files.delete(output);
                return ended ? new Run(process.exitValue(), text) : new Run(-1, text + "\nno end after " + PATIENCE);
            } catch (IOException e) {
                return new Run(-1, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private record Run(int status, String output) {
    }

    /** The executable of this name on the PATH. */
    static Optional<Path> inPath(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, name))
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst();
    }
}

package certservice.settings;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.regex.Pattern;
import org.h2.engine.Constants;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * Files of H2 that are opened as they were at the last commit, even if the process that wrote them was killed:
 * {@code jdbc:h2:current:/var/lib/certservice/certservice}. They are ordinary ones; {@code jdbc:h2:file:} opens them
 * too. What is different is {@link CurrentFileChannel}, through which they are written.
 *
 * <p>Public for H2, which makes an object of it for each path.
 */
public final class CurrentFilePath extends FilePathWrapper {

    static final String URL = "jdbc:h2:current:";

    /** Without a prefix H2 takes what looks like a path, also one of Windows, for a file. */
    private static final Pattern URL_OF_FILE = Pattern.compile("^jdbc:h2:(file:|(?=[~./\\\\]|[A-Za-z]:))");

    /** Makes {@code current:} known to H2; once more does no harm. */
    static void register() {
        FilePath.register(new CurrentFilePath());
    }

    /** @return a URL of a file so that it is current; any other as it is */
    static String url(String given) {
        return URL_OF_FILE.matcher(given).replaceFirst(URL);
    }

    @Override
    public String getScheme() {
        return "current";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FileChannel file = super.open(mode);
        return name.endsWith(Constants.SUFFIX_MV_FILE) && !mode.equals("r") ? new CurrentFileChannel(file) : file;
    }
}

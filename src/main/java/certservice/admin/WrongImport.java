package certservice.admin;

import jakarta.ejb.ApplicationException;

/** Something in the import file is wrong: nothing of it is applied, and the deployment stops with this message. */
@ApplicationException(rollback = true)
final class WrongImport extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param place where in the file, such as {@code apiKeys[2].label} */
    WrongImport(String place, String what) {
        super("Import file: " + place + " " + what);
    }
}

package certservice.admin;

import certservice.problem.Failure;

/** A value that can't be used, found where it is not known whether it stands in an import file or in a request. */
final class WrongField extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String what;

    /**
     * @param field such as {@code networks[2]}
     * @param what  is wrong with it, such as {@code is 'x'; allowed are …}
     */
    WrongField(String field, String what) {
        super(field + " " + what);
        this.field = field;
        this.what = what;
    }

    /** @param place of the entry in the file, such as {@code domains[2]} */
    WrongImport inImport(String place) {
        return new WrongImport(place + "." + field, what);
    }

    /** 400. */
    Failure inRequest() {
        return Failure.badRequest("Field '" + field + "' " + what);
    }
}

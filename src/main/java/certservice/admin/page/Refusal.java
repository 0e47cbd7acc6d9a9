package certservice.admin.page;

import jakarta.faces.context.FacesContext;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Ends a request for a page with an error, before anything of the page is done or written. */
final class Refusal {

    private Refusal() {
    }

    /** @param status of HTTP, such as 403 */
    static void with(int status, FacesContext faces) {
        try {
            faces.getExternalContext().responseSendError(status, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faces.responseComplete();
    }
}

package certservice.issuance;

import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Writes a result in a way that tells whether it has arrived. No server says that a client has gone; but its kernel
 * answers what is sent to a closed connection, and then the next write fails. So the body goes out in three parts with
 * a breath between them, and counts as delivered when the last could be written.
 *
 * <p>What a proxy takes and can't pass on counts as delivered too: a proxy must close its connection to us when its
 * client closes the other one.
 */
final class Delivery implements StreamingOutput {

    private static final Logger LOG = System.getLogger(Delivery.class.getName());

    /** More than a round trip to a proxy or a client in the same company. */
    private static final long BREATH_MILLIS = 10;

    private final byte[] body;
    private final String requestId;
    private final Consumer<BooleanSupplier> handover;

    /** @param handover called once, with what writes the body and tells whether it is out */
    Delivery(byte[] body, String requestId, Consumer<BooleanSupplier> handover) {
        this.body = body;
        this.requestId = requestId;
        this.handover = handover;
    }

    @Override
    public void write(OutputStream out) {
        handover.accept(() -> isWritten(out));
    }

    /** A broken connection is no error of ours: it is logged in a line, and the result stays. */
    private boolean isWritten(OutputStream out) {
        int last = body.length - 1;
        try {
            part(out, 0, 1);
            part(out, 1, last);
            out.write(body, last, 1);
            out.flush();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.INFO, "Request {0}: its caller has gone; the result is kept for the next such request: {1}",
                    requestId, e.getMessage());
            return false;
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(BREATH_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void part(OutputStream out, int from, int to) throws IOException {
        out.write(body, from, to - from);
        out.flush();
        pause();
    }
}

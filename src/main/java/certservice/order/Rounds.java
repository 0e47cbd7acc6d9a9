package certservice.order;

import java.time.Duration;

/**
 * Does the same again and again, with a pause before each time, until its thread is interrupted.
 *
 * @param work throws nothing
 */
record Rounds(Duration pause, Runnable work) implements Runnable {

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(pause.toMillis());
                work.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package certservice.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandoversTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Handovers handovers = new Handovers();

    @Test
    void endsWhenItsWorkDoes() {
        CompletableFuture<CompletableFuture<Void>> end = new CompletableFuture<>();
        handovers.during("one", () -> {
            end.complete(handovers.end("one", LONG).orElseThrow());
            assertThat(end.join()).isNotDone();
            assertThat(handovers.end("other", LONG)).isEmpty();
        });
        assertThat(end.join()).isCompleted();
        assertThat(handovers.end("one", LONG)).isEmpty();
    }

    /** A connection may hang for minutes; whoever asks again was told nothing by it. */
    @Test
    void isNotAwaitedForLong() {
        handovers.during("one", () -> {
            assertThat(handovers.end("one", Duration.ofMillis(10)).orElseThrow()
                    .orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join()).isNull();
            CompletableFuture<Void> end = handovers.end("one", LONG).orElseThrow();
            assertThat(end).as("for others").isNotDone();
        });
    }
}

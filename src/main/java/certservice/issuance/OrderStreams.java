package certservice.issuance;

import certservice.apikey.Caller;
import certservice.order.StoredBatch;
import certservice.problem.Failure;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Streams of server-sent events for portals that show how far an order is. One thread looks after all of them: it reads
 * each order twice a second, whichever node works on it, and writes when it has changed.
 */
@ApplicationScoped
public class OrderStreams {

    private static final Logger LOG = System.getLogger(OrderStreams.class.getName());
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final int MOST = 200;
    private static final int MOST_OF_ONE = 50;
    private static final int ROUNDS_TO_A_SIGN_OF_LIFE = 30;

    @Inject
    OrderAnswers states;

    @Resource
    ManagedThreadFactory threads;

    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private Thread writer;

    /** One caller's view of an order. */
    private static final class Stream {

        private final Caller caller;
        private final String batchId;
        private final SseEventSink sink;
        private final Sse sse;
        private String last = "";
        private int quiet;

        Stream(Caller caller, String batchId, SseEventSink sink, Sse sse) {
            this.caller = caller;
            this.batchId = batchId;
            this.sink = sink;
            this.sse = sse;
        }
    }

    @PostConstruct
    void open() {
        writer = threads.newThread(this::write);
        writer.start();
    }

    @PreDestroy
    void close() {
        writer.interrupt();
        streams.forEach(stream -> stream.sink.close());
    }

    /**
     * Begins with the order as it is.
     *
     * @throws Failure 404 if it is not the caller's; 429 if there are too many streams
     */
    void open(Caller caller, String batchId, SseEventSink sink, Sse sse) {
        states.of(caller, batchId);
        if (streams.size() >= MOST || streams.stream().filter(stream -> stream.caller.keyId().equals(caller.keyId()))
                .count() >= MOST_OF_ONE) {
            throw Failure.busy("There are too many event streams; ask for application/json instead", ROUND);
        }
        streams.add(new Stream(caller, batchId, sink, sse));
    }

    private void write() {
        try {
            while (true) {
                Thread.sleep(ROUND.toMillis());
                streams.removeIf(stream -> !goesOn(stream));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean goesOn(Stream stream) {
        try {
            if (stream.sink.isClosed()) {
                return false;
            }
            StoredBatch stored = states.of(stream.caller, stream.batchId);
            send(stream, states.json(stored));
            if (OrderAnswers.isFinal(stored)) {
                stream.sink.close();
                return false;
            }
            return true;
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "An event stream has ended", e);
            stream.sink.close();
            return false;
        }
    }

    private static void send(Stream stream, String json) {
        OutboundSseEvent.Builder event = stream.sse.newEventBuilder();
        if (!json.equals(stream.last)) {
            stream.last = json;
            stream.quiet = 0;
            send(stream, event.name("order").data(json).build());
        } else if (++stream.quiet % ROUNDS_TO_A_SIGN_OF_LIFE == 0) {
            send(stream, event.comment("still waiting").build());
        }
    }

    private static void send(Stream stream, OutboundSseEvent event) {
        stream.sink.send(event).whenComplete((sent, failure) -> {
            if (failure != null) {
                stream.sink.close();
            }
        });
    }
}

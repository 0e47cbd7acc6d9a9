package certservice.issuance;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadFactory;
import java.util.stream.IntStream;

/**
 * Key pairs, with a small stock of RSA keys made ahead: they are the one heavy computation of an issuance. One thread
 * keeps the stock full, at low priority and, since Linux ignores a Java thread's priority, only while no caller is
 * making keys itself. 2048 bits are stocked from the start, other sizes once they were asked for, four of each at most,
 * EC never.
 *
 * <p>Safe for use by many threads. Keys are kept in memory only, and each is handed out once.
 */
final class KeyPool implements AutoCloseable {

    private static final Logger LOG = System.getLogger(KeyPool.class.getName());
    private static final int RARE_STOCK = 4;
    private static final long CLOSE_MILLIS = 5_000;

    private final Map<KeyType, Deque<KeyPair>> stock = new EnumMap<>(KeyType.class);
    private final int commonStock;
    private final Thread refiller;
    private int callersGenerating;
    private volatile boolean closed;

    /**
     * Starts the filling thread, the only one that is ever taken from {@code threads}.
     *
     * @param commonStock how many keys of 2048 bits are made ahead; 0: no keys are, of no size
     */
    KeyPool(ThreadFactory threads, int commonStock) {
        this.commonStock = commonStock;
        stock.put(KeyType.DEFAULT, new ArrayDeque<>());
        refiller = threads.newThread(this::refill);
        refiller.start();
    }

    /** A key pair that nobody else has: from the stock, or, if that is empty, made at once on the calling thread. */
    KeyPair take(KeyType type) {
        KeyPair ready = fromStock(type);
        return ready != null ? ready : generate(type);
    }

    /** As {@link #take(KeyType)} for several at once; those that the stock lacks are made on all processors. */
    List<KeyPair> take(KeyType type, int count) {
        return IntStream.range(0, count).parallel().mapToObj(index -> take(type)).toList();
    }

    /** How many keys of this type lie ready. */
    synchronized int ready(KeyType type) {
        Deque<KeyPair> keys = stock.get(type);
        return keys == null ? 0 : keys.size();
    }

    /** Ends the filling thread, even in the middle of a key, and forgets the stock. Keys can still be taken after. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            stock.clear();
            notifyAll();
        }
        try {
            refiller.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized KeyPair fromStock(KeyType type) {
        if (closed || !type.isSlow()) {
            return null;
        }
        KeyPair ready = stock.computeIfAbsent(type, unused -> new ArrayDeque<>()).poll();
        notifyAll();
        return ready;
    }

    private KeyPair generate(KeyType type) {
        callers(1);
        try {
            return type.generate();
        } finally {
            callers(-1);
        }
    }

    private synchronized void callers(int change) {
        callersGenerating += change;
        notifyAll();
    }

    private void refill() {
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
        SecureRandom random = new RandomUntilClosed();
        try {
            while (true) {
                KeyType type = awaitShortage();
                add(type, type.generate(random));
            }
        } catch (CancellationException | InterruptedException e) {
            LOG.log(Level.DEBUG, "No more keys are made ahead: the pool was closed");
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "No more keys are made ahead; each request makes its own", e);
        }
    }

    private synchronized KeyType awaitShortage() throws InterruptedException {
        while (true) {
            if (closed) {
                throw new CancellationException();
            }
            if (callersGenerating == 0) {
                for (Map.Entry<KeyType, Deque<KeyPair>> entry : stock.entrySet()) {
                    if (entry.getValue().size() < wanted(entry.getKey())) {
                        return entry.getKey();
                    }
                }
            }
            wait();
        }
    }

    private synchronized void add(KeyType type, KeyPair key) {
        Collection<KeyPair> keys = stock.get(type);
        if (keys != null) {
            keys.add(key);
        }
    }

    private int wanted(KeyType type) {
        return type == KeyType.DEFAULT ? commonStock : Math.min(commonStock, RARE_STOCK);
    }

    /**
     * Ends a key generation that is under way: the JDK heeds no interrupt there, and a 4096-bit key can take seconds,
     * but it asks for random numbers all the time.
     */
    private final class RandomUntilClosed extends SecureRandom {

        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            if (closed || Thread.currentThread().isInterrupted()) {
                throw new CancellationException();
            }
            super.nextBytes(bytes);
        }
    }
}

package certservice.issuance;

import certservice.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.KeyPair;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Makes private keys beside the orders' work with the CA, on as many threads as there are processors. */
@ApplicationScoped
public class KeyMaker {

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Settings settings;

    private KeyPool pool;
    private ThreadPoolExecutor makers;

    @PostConstruct
    void open() {
        int processors = Runtime.getRuntime().availableProcessors();
        pool = new KeyPool(threads, settings.rsaStock());
        makers = new ThreadPoolExecutor(processors, processors, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                threads);
        makers.allowCoreThreadTimeOut(true);
    }

    @PreDestroy
    void close() {
        makers.shutdownNow();
        pool.close();
    }

    /** A key pair that nobody else has. */
    CompletableFuture<KeyPair> make(KeyType type) {
        return CompletableFuture.supplyAsync(() -> pool.take(type), makers);
    }
}

package certservice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RequestIdTest {

    private final RequestId filter = new RequestId();
    private final Map<String, Object> properties = new HashMap<>();
    private final MultivaluedMap<String, Object> headers = new MultivaluedHashMap<>();
    private final ContainerRequestContext request = fake(ContainerRequestContext.class, (proxy, method, args) ->
            switch (method.getName()) {
                case "getProperty" -> properties.get(args[0]);
                case "setProperty" -> properties.put((String) args[0], args[1]);
                default -> throw new UnsupportedOperationException(method.getName());
            });
    private Object entity;
    private final ContainerResponseContext response = fake(ContainerResponseContext.class, (proxy, method, args) ->
            switch (method.getName()) {
                case "getHeaders" -> headers;
                case "getEntity" -> entity;
                case "setEntity" -> entity = args[0];
                default -> throw new UnsupportedOperationException(method.getName());
            });

    @Test
    void isTheSameForTheWholeRequestAndInItsAnswer() {
        filter.filter(request);
        String id = RequestId.of(request);
        assertThat(UUID.fromString(id)).hasToString(id);
        assertThat(RequestId.of(request)).isEqualTo(id);
        filter.filter(request, response);
        assertThat(headers.get("X-Request-Id")).containsExactly(id);
    }

    @Test
    void differsFromRequestToRequest() {
        filter.filter(request);
        String first = RequestId.of(request);
        filter.filter(request);
        assertThat(RequestId.of(request)).isNotEqualTo(first);
    }

    @Test
    void replacesTheHeaderThatAServerMayHaveSet() {
        headers.putSingle("X-Request-Id", "the server's");
        filter.filter(request);
        filter.filter(request, response);
        assertThat(headers.get("X-Request-Id")).containsExactly(RequestId.of(request));
    }

    @Test
    void standsInTheBodyOfAFailureAsInTheHeader() {
        filter.filter(request);
        entity = Failure.http(500, "No certificate was generated");
        filter.filter(request, response);
        assertThat(entity).isEqualTo("{\"message\":\"No certificate was generated\",\"requestId\":\""
                + RequestId.of(request) + "\"}");
    }

    @Test
    void isTheSameInHeaderAndBodyEvenIfTheServerRefusedTheRequestBeforeItHadOne() {
        entity = Failure.http(500, "No certificate was generated");
        filter.filter(request, response);
        assertThat((String) entity).contains((String) headers.getFirst("X-Request-Id"));
    }

    @Test
    void leavesTheBodyOfASuccessAlone() {
        entity = "[]";
        filter.filter(request, response);
        assertThat(entity).isEqualTo("[]");
    }

    @Test
    void standsInTheLogBesideTheReasonThatNobodyForesaw() {
        List<LogRecord> log = new ArrayList<>();
        Logger logger = Logger.getLogger(FailureAnswer.class.getName());
        Handler recorder = new RecordingHandler(log);
        logger.addHandler(recorder);
        logger.setUseParentHandlers(false);
        try {
            filter.filter(request);
            Throwable reason = new IllegalStateException("nobody foresaw this");
            entity = new FailureMapper().toResponse(reason).getEntity();
            filter.filter(request, response);
            assertThat(log).singleElement().satisfies(logged -> {
                assertThat(logged.getMessage()).contains(RequestId.of(request));
                assertThat(logged.getThrown()).isSameAs(reason);
            });
        } finally {
            logger.setUseParentHandlers(true);
            logger.removeHandler(recorder);
        }
    }

    @Test
    void logsNothingMoreAboutAFailureWhoseProblemsAreKnown() {
        List<LogRecord> log = new ArrayList<>();
        Logger logger = Logger.getLogger(FailureAnswer.class.getName());
        Handler recorder = new RecordingHandler(log);
        logger.addHandler(recorder);
        try {
            filter.filter(request);
            entity = Failure.noCertificate(Problem.own(null, "timeout", "late", "Again"), new RuntimeException());
            filter.filter(request, response);
            assertThat(log).isEmpty();
        } finally {
            logger.removeHandler(recorder);
        }
    }

    private static final class RecordingHandler extends Handler {

        private final List<LogRecord> log;

        private RecordingHandler(List<LogRecord> log) {
            this.log = log;
        }

        @Override
        public void publish(LogRecord logged) {
            log.add(logged);
        }

        @Override
        public void flush() {
            // nothing is buffered
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    private static <T> T fake(Class<T> type, InvocationHandler methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, methods));
    }
}

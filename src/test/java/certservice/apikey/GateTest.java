package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.apikey.Refusal.Reason;
import certservice.problem.Failure;
import certservice.problem.Outage;
import certservice.settings.SettingsOfTests;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {

    private static final ApiKeyGuid GOOD = ApiKeyGuid.random();
    private static final Caller CALLER = new Caller("k1", "portal", GOOD, "192.0.2.1");

    private final Gate gate = new Gate();
    private final Map<String, Object> attributes = new HashMap<>();
    private final List<String> keys = new ArrayList<>();
    private final Map<String, String> answered = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<Runnable> delayed = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private Reason reason = Reason.UNKNOWN;
    private Optional<Instant> refusedUntil = Optional.empty();
    private RuntimeException outage;
    private boolean full;
    private boolean passed;
    private boolean completed;
    private int status;
    private String method = "POST";
    private String uri = "/api/v1/cert";
    private boolean asynchronous = true;

    @BeforeEach
    void prepare() {
        gate.clientAddress = new ClientAddress();
        gate.clientAddress.settings = SettingsOfTests.of(Map.of());
        gate.apiKeys = new ApiKeys() {
            @Override
            public Identification identify(ApiKeyGuid guid, String address) {
                if (outage != null) {
                    throw outage;
                }
                return guid.equals(GOOD) ? CALLER : new Refusal(reason, "because");
            }
        };
        gate.usage = new KeyUsage();
        gate.guessing = new Guessing() {
            @Override
            Consequence count(String address, Instant now) {
                counted.add(address);
                return new Consequence(Duration.ZERO, refusedUntil);
            }
        };
        gate.refusals = new Refusals() {
            @Override
            public Failure refuse(Refusal refusal, String requestId, String address) {
                refusals.add(refusal);
                return Failure.unauthorized();
            }
        };
        gate.slowAnswers = new SlowAnswers() {
            @Override
            public boolean later(long arrived, Duration slower, Runnable answer) {
                return !full && delayed.add(answer);
            }
        };
    }

    @Test
    void letsAGoodKeyInAndTellsWhoItIs() throws Exception {
        keys.add("{" + GOOD.clearText() + "}");
        refusedUntil = Optional.of(Instant.now().plusSeconds(60));
        call();
        assertThat(passed).isTrue();
        assertThat(attributes).containsEntry(Gate.CALLER, CALLER);
        assertThat(counted).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN", "DISABLED", "EXPIRED", "ROTATED", "NETWORK"})
    void answersEveryOtherKeyLaterAndInTheSameWay(Reason cause) throws Exception {
        reason = cause;
        keys.add(ApiKeyGuid.random().clearText());
        call();
        assertThat(passed).isFalse();
        assertThat(status).as("before the delay").isZero();
        answer();
        assertUnauthorized();
        assertThat(completed).isTrue();
        assertThat(counted).containsExactly("192.0.2.1");
        assertThat(refusals).containsExactly(new Refusal(cause, "because"));
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void takesWhatIsNotOneGuidForNoGuess(int headers) throws Exception {
        for (int i = 0; i < headers; i++) {
            keys.add(headers == 1 ? "no GUID" : GOOD.clearText());
        }
        call();
        answer();
        assertUnauthorized();
        assertThat(counted).isEmpty();
        assertThat(refusals).extracting(Refusal::reason).containsExactly(Reason.NO_KEY);
    }

    @Test
    void tellsWhoHasGuessedTooOftenHowLongItLasts() throws Exception {
        refusedUntil = Optional.of(Instant.now().plusSeconds(60));
        keys.add(ApiKeyGuid.random().clearText());
        call();
        answer();
        assertThat(status).isEqualTo(429);
        assertThat(Integer.parseInt(answered.get("Retry-After"))).isBetween(59, 60);
        assertThat(body.toString(StandardCharsets.UTF_8)).contains("\"message\":\"Too many requests with an API key")
                .contains("\"requestId\":\"" + answered.get("X-Request-Id") + "\"");
        assertThat(answered).doesNotContainKey("WWW-Authenticate");
    }

    @Test
    void answersAtOnceWithSomethingElseWhenTooManyWait() throws Exception {
        full = true;
        keys.add(ApiKeyGuid.random().clearText());
        call();
        assertThat(status).isEqualTo(429);
        assertThat(answered).containsEntry("Retry-After", "1");
        assertThat(completed).isTrue();
    }

    @Test
    void answersAtOnceWhereTheServerCantWait() throws Exception {
        asynchronous = false;
        call();
        assertUnauthorized();
    }

    @Test
    void answers503WithoutTheDatabase() throws Exception {
        outage = Outage.failure(null);
        keys.add(GOOD.clearText());
        call();
        assertThat(status).isEqualTo(503);
        assertThat(answered).containsEntry("Retry-After", "10");
        assertThat(passed).isFalse();
    }

    @Test
    void writesNoBodyForHead() throws Exception {
        method = "HEAD";
        call();
        answer();
        assertThat(status).isEqualTo(401);
        assertThat(body.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"GET, /api/v1/health, true", "HEAD, /api/v1/health, true", "POST, /api/v1/health, false",
            "GET, /api/v1/health/, false", "GET, /api/v1/health;x=y, false", "GET, /api/v1/%68ealth, false",
            "GET, /api/v1/cert, false"})
    void isOpenForHealthAlone(String asked, String path, boolean open) throws Exception {
        method = asked;
        uri = path;
        call();
        assertThat(passed).isEqualTo(open);
    }

    /** An attribute can't come from outside, but a second pass must not find what the first has left. */
    @Test
    void trustsNoCallerThatItHasNotFoundItself() throws Exception {
        attributes.put(Gate.CALLER, CALLER);
        uri = "/api/v1/health";
        method = "GET";
        call();
        assertThat(attributes).doesNotContainKey(Gate.CALLER);
    }

    private void assertUnauthorized() {
        assertThat(status).isEqualTo(401);
        assertThat(answered).containsEntry("WWW-Authenticate", "ApiKey header=\"X-Api-Key\"")
                .containsEntry("Content-Type", "application/json");
        assertThat(answered.get("X-Request-Id")).hasSize(36);
        assertThat(body.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"message\":\"Invalid or unauthorized API key\"}");
    }

    private void answer() {
        assertThat(delayed).hasSize(1);
        delayed.get(0).run();
    }

    private void call() throws Exception {
        HttpServletResponse response = fake(HttpServletResponse.class, (proxy, called, arguments) -> {
            switch (called.getName()) {
                case "setStatus" -> status = (int) arguments[0];
                case "setHeader" -> answered.put((String) arguments[0], (String) arguments[1]);
                case "setContentType" -> answered.put("Content-Type", (String) arguments[0]);
                case "getOutputStream" -> {
                    return new Recorded(body);
                }
                case "setContentLength", "flushBuffer" -> { }
                default -> throw new UnsupportedOperationException(called.getName());
            }
            return null;
        });
        HttpServletRequest request = request(response);
        gate.doFilter(request, response, (req, res) -> passed = true);
    }

    private HttpServletRequest request(HttpServletResponse response) {
        return fake(HttpServletRequest.class, (proxy, called, arguments) -> switch (called.getName()) {
            case "getAttribute" -> attributes.get(arguments[0]);
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            case "removeAttribute" -> attributes.remove(arguments[0]);
            case "getMethod" -> method;
            case "getRequestURI" -> uri;
            case "getContextPath" -> "";
            case "getRemoteAddr" -> "192.0.2.1";
            case "getHeaders" -> Collections.enumeration(keys);
            case "isAsyncSupported" -> asynchronous;
            case "startAsync" -> context((HttpServletRequest) proxy, response);
            default -> throw new UnsupportedOperationException(called.getName());
        });
    }

    private AsyncContext context(HttpServletRequest request, HttpServletResponse response) {
        return fake(AsyncContext.class, (proxy, called, arguments) -> switch (called.getName()) {
            case "getRequest" -> request;
            case "getResponse" -> response;
            case "complete" -> {
                completed = true;
                yield null;
            }
            case "setTimeout" -> null;
            default -> throw new UnsupportedOperationException(called.getName());
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, methods));
    }

    private static final class Recorded extends ServletOutputStream {

        private final ByteArrayOutputStream body;

        private Recorded(ByteArrayOutputStream body) {
            this.body = body;
        }

        @Override
        public void write(int octet) {
            body.write(octet);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}

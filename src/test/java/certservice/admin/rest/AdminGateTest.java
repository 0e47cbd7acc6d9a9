package certservice.admin.rest;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.LoginGuard;
import certservice.apikey.ClientAddress;
import certservice.apikey.SlowAnswers;
import certservice.audit.AuditEvent;
import certservice.audit.AuditTrail;
import certservice.problem.Failure;
import certservice.problem.FailureAnswer;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Alice is an administrator, Bob an auditor, Carol somebody; each has the own name as password. */
class AdminGateTest {

    private static final Map<String, Set<String>> ROLES = Map.of("alice", Set.of("certservice-admin"),
            "bob", Set.of("certservice-auditor"), "carol", Set.of());

    private final AdminGate gate = new AdminGate();
    private final Map<String, String> headers = new HashMap<>();
    private final Map<String, Object> attributes = new HashMap<>();
    private final Map<String, String> answered = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private final List<AuditEvent> recorded = new ArrayList<>();
    private Duration slower;
    private String loggedIn;
    private String sessionOf;
    private boolean passed;
    private int status;
    private int asked;
    private String uri = "/admin/api/keys";
    private Instant moment = Instant.parse("2026-11-01T12:00:00Z");

    @BeforeEach
    void prepare() {
        gate.clock = new Clock() {
            @Override
            public Instant instant() {
                return moment;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        gate.clientAddress = new ClientAddress() {
            @Override
            public String of(HttpServletRequest request) {
                return "192.0.2.1";
            }
        };
        gate.slowAnswers = new SlowAnswers() {
            @Override
            public void give(Failure failure, String challenge, String id, long arrived, Duration later,
                             HttpServletRequest request, HttpServletResponse response) throws IOException {
                slower = later;
                FailureAnswer.write(failure, challenge, id, request, response);
            }
        };
        gate.audit = new AuditTrail() {
            @Override
            public void record(AuditEvent event) {
                recorded.add(event);
            }
        };
    }

    @Test
    void letsAnAdministratorInAndEndsTheLoginBefore() {
        as("alice");
        call("DELETE");
        assertThat(passed).isTrue();
        assertThat(who().administrator().toString())
                .isEqualTo("Administrator[name=alice, address=192.0.2.1, face=rest]");
        assertThat(who().mayChange()).isTrue();
        assertThat(events).containsExactly("login", "logout", "invalidate", "pass");
    }

    @ParameterizedTest
    @CsvSource({"GET, true", "HEAD, true", "POST, false", "PUT, false", "DELETE, false", "PATCH, false",
            "OPTIONS, false", "get, false"})
    void letsAnAuditorLookAndChangeNothing(String method, boolean allowed) {
        as("bob");
        call(method);
        assertThat(passed).isEqualTo(allowed);
        assertThat(status).isEqualTo(allowed ? 0 : 403);
        assertThat(loggedIn).isNull();
    }

    @Test
    void refusesUsersWithoutARole() {
        as("carol");
        call("GET");
        assertThat(status).isEqualTo(403);
        assertThat(passed).isFalse();
        assertThat(loggedIn).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer x", "Basic !"})
    void asksForCredentials(String header) {
        headers.put("Authorization", header);
        call("GET");
        assertThat(status).isEqualTo(401);
        assertThat(answered).containsEntry("WWW-Authenticate", "Basic realm=\"certservice\", charset=\"UTF-8\"")
                .containsEntry("type", "application/json");
        assertThat(recorded).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void answersWrongPasswordsMoreAndMoreSlowlyAndRightOnesAllTheSame() {
        credentials("alice", "wrong");
        for (int i = 1; i <= LoginGuard.LIMIT; i++) {
            call("GET");
            assertThat(status).isEqualTo(401);
            assertThat(slower).isEqualTo(Duration.ofMillis(200L * i));
        }
        call("GET");
        assertThat(status).isEqualTo(429);
        assertThat(answered).containsEntry("Retry-After", "600");
        assertThat(recorded).hasSize(LoginGuard.LIMIT).allSatisfy(event -> {
            assertThat(event.action()).hasToString("ADMIN_LOGIN_FAILED");
            assertThat(event.address()).isEqualTo("192.0.2.1");
            assertThat(event.toString()).doesNotContain("wrong");
        });
        as("bob");
        call("GET");
        assertThat(passed).as("another user, from there").isTrue();
        as("alice");
        call("GET");
        assertThat(status).as("too early").isEqualTo(429);
        assertThat(answered).containsEntry("Retry-After", "2");
        moment = moment.plusSeconds(2);
        call("GET");
        assertThat(passed).isTrue();
    }

    @Test
    void doesNotAskTheServerAboutGuessesThatAreNotAtTheirTurn() {
        credentials("alice", "wrong");
        for (int i = 0; i < 100; i++) {
            call("GET");
        }
        assertThat(asked).isEqualTo(LoginGuard.LIMIT + 1);
        assertThat(status).isEqualTo(429);
        moment = moment.plusSeconds(2);
        call("GET");
        call("GET");
        assertThat(asked).isEqualTo(LoginGuard.LIMIT + 2);
    }

    @ParameterizedTest
    @CsvSource({"POST, /admin/api/audit/verify, true", "PUT, /admin/api/audit/verify, false",
            "POST, /admin/api/audit/verify;x=y, false", "POST, /admin/api/audit/verify/, false",
            "POST, /admin/api/keys/../audit/verify, false"})
    void letsAnAuditorVerifyTheAuditLog(String method, String path, boolean allowed) {
        uri = path;
        as("bob");
        call(method);
        assertThat(passed).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({"Sec-Fetch-Site, cross-site", "Sec-Fetch-Site, same-site", "Origin, https://evil.example",
            "Origin, null"})
    void refusesWhatAnotherSiteHasABrowserSend(String header, String value) {
        as("alice");
        headers.put(header, value);
        call("POST");
        assertThat(status).isEqualTo(403);
        assertThat(events).isEmpty();
        call("GET");
        assertThat(passed).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"text/plain, 415", "application/x-www-form-urlencoded, 415", "multipart/form-data; boundary=x, 415",
            "application/json, 0", "Application/JSON;charset=utf-8, 0"})
    void refusesBodiesThatAFormCanSend(String type, int answer) {
        as("alice");
        headers.put("Content-Type", type);
        headers.put("Sec-Fetch-Site", "same-origin");
        headers.put("Origin", "https://admin.example");
        call("POST");
        assertThat(status).isEqualTo(answer);
    }

    @Test
    void refusesRequestsThatCarryASessionOfThePage() {
        sessionOf = "alice";
        as("bob");
        call("GET");
        assertThat(status).isEqualTo(400);
        assertThat(events).isEmpty();
    }

    private LoggedIn who() {
        return (LoggedIn) attributes.get(LoggedIn.ATTRIBUTE);
    }

    private void as(String user) {
        credentials(user, user);
    }

    private void credentials(String user, String password) {
        headers.put("Authorization", "Basic " + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    private void call(String method) {
        passed = false;
        status = 0;
        answered.clear();
        try {
            gate.doFilter(request(method), response(), (request, response) -> {
                passed = true;
                events.add("pass");
            });
        } catch (IOException | ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpServletRequest request(String method) {
        return fake(HttpServletRequest.class, (proxy, called, arguments) -> switch (called.getName()) {
            case "getMethod" -> method;
            case "getRequestURI" -> uri;
            case "getContextPath" -> "";
            case "getHeader" -> arguments[0].equals("Host") ? "admin.example" : headers.get(arguments[0]);
            case "getHeaders" -> Collections.enumeration(headers.containsKey(arguments[0])
                    ? List.of(headers.get(arguments[0])) : List.of());
            case "getContentType" -> headers.get("Content-Type");
            case "getUserPrincipal" -> principal(loggedIn == null ? sessionOf : loggedIn);
            case "getRemoteUser" -> loggedIn;
            case "isUserInRole" -> ROLES.get(loggedIn).contains((String) arguments[0]);
            case "getSession" -> events.contains("login") ? session() : null;
            case "login" -> logIn((String) arguments[0], (String) arguments[1]);
            case "logout" -> logOut();
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            case "removeAttribute" -> attributes.remove(arguments[0]);
            default -> throw new UnsupportedOperationException(called.toString());
        });
    }

    private Object logIn(String user, String password) throws ServletException {
        asked++;
        if (!ROLES.containsKey(user) || !password.equals(user)) {
            throw new ServletException("no");
        }
        events.add("login");
        loggedIn = user;
        return null;
    }

    private Object logOut() {
        events.add("logout");
        loggedIn = null;
        return null;
    }

    private static Principal principal(String name) {
        return name == null ? null : () -> name;
    }

    private HttpSession session() {
        return fake(HttpSession.class, (proxy, called, arguments) -> {
            events.add(called.getName());
            return null;
        });
    }

    private HttpServletResponse response() {
        return fake(HttpServletResponse.class, (proxy, called, arguments) -> {
            switch (called.getName()) {
                case "setStatus" -> status = (int) arguments[0];
                case "setHeader" -> answered.put((String) arguments[0], (String) arguments[1]);
                case "setContentType" -> answered.put("type", (String) arguments[0]);
                default -> {
                    return called.getName().equals("getOutputStream") ? new Nowhere() : null;
                }
            }
            return null;
        });
    }

    private static <T> T fake(Class<T> type, InvocationHandler methods) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, methods));
    }

    private static final class Nowhere extends ServletOutputStream {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(int octet) {
            // nobody reads it
        }
    }
}

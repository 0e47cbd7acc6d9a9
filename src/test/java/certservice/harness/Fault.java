package certservice.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@link FaultProxy} does with a request instead of passing it on. */
@FunctionalInterface
public interface Fault {

    /**
     * Treats one request; runs in a thread of its own, may block. A request that was neither answered nor cut is cut.
     */
    void strike(Passage passage) throws IOException, InterruptedException;

    /** One request on its way. */
    interface Passage {

        /** Asks the upstream, with the request as it came. */
        Answer ask() throws IOException;

        /** A nonce that the upstream will accept. */
        String freshNonce() throws IOException;

        /** Answers the caller. */
        void give(Answer answer) throws IOException;

        /** Begins to answer: all headers and half of the body. */
        void giveHalf(Answer answer) throws IOException;

        /** Closes the caller's connection without an answer. */
        void cut();

        /** Waits so long, or until the rule or the proxy is closed. */
        void waitFor(Duration time) throws InterruptedException;

        /** Waits until a test releases the rule, or closes it or the proxy. */
        void waitForRelease() throws InterruptedException;
    }

    /**
     * An HTTP answer.
     *
     * @param headers without those that the connection needs (Content-Length and the like); names in any case
     */
    record Answer(int status, Map<String, List<String>> headers, byte[] body) {

        public Answer {
            Map<String, List<String>> caseless = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            caseless.putAll(headers);
            headers = caseless;
        }

        public static Answer of(int status, Map<String, String> headers, String body) {
            Map<String, List<String>> lists = new TreeMap<>();
            headers.forEach((name, value) -> lists.put(name, List.of(value)));
            return new Answer(status, lists, body.getBytes(StandardCharsets.UTF_8));
        }

        public Answer withHeader(String name, String value) {
            Map<String, List<String>> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            more.putAll(headers);
            more.put(name, List.of(value));
            return new Answer(status, more, body);
        }

        public Answer withBody(byte[] other) {
            return new Answer(status, headers, other);
        }

        /** The first value of a header, or {@code null} if there is none. */
        public String header(String name) {
            return headers.containsKey(name) ? headers.get(name).get(0) : null;
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** This fault, but the upstream has done what it was asked; only its answer is replaced. */
    default Fault afterUpstream() {
        return passage -> {
            passage.ask();
            strike(passage);
        };
    }

    /** Answers with exactly this; the upstream is not asked. */
    static Fault answer(int status, Map<String, String> headers, String body) {
        return passage -> passage.give(Answer.of(status, headers, body));
    }

    /**
     * Answers with a problem document (RFC 7807) and, as Boulder does, a fresh nonce.
     *
     * @param type the last part of the ACME problem type, such as {@code serverInternal}
     */
    static Fault problem(int status, String type, String detail, Map<String, String> headers) {
        String document = "{\"type\":\"urn:ietf:params:acme:error:%s\",\"detail\":\"%s\",\"status\":%d}"
                .formatted(type, detail, status);
        return passage -> passage.give(Answer.of(status, headers, document)
                .withHeader("Content-Type", "application/problem+json")
                .withHeader("Replay-Nonce", passage.freshNonce()));
    }

    /** 400 badNonce with a nonce that is good: a client must retry (RFC 8555 section 6.5). */
    static Fault badNonce() {
        return problem(400, "badNonce", "JWS has an invalid anti-replay nonce", Map.of());
    }

    /** 429 rateLimited (RFC 8555 section 6.6). */
    static Fault rateLimited(Duration retryAfter) {
        return problem(429, "rateLimited", "too many certificates already issued", retryAfter(retryAfter));
    }

    /** 500 serverInternal. */
    static Fault serverInternal() {
        return problem(500, "serverInternal", "Error creating new order", Map.of());
    }

    /** 503 with a plain text, as a load balancer before the CA says it. */
    static Fault unavailable(Duration retryAfter) {
        return answer(503, retryAfter(retryAfter), "Service Unavailable");
    }

    /** 200 with a web page, as a captive portal or a filtering proxy says it. */
    static Fault html() {
        return answer(200, Map.of("Content-Type", "text/html"), "<html><body><h1>Welcome</h1></body></html>");
    }

    /** The upstream's answer, of whose body the second half is missing; its length says so, too. */
    static Fault truncatedBody() {
        return passage -> {
            Answer answer = passage.ask();
            passage.give(answer.withBody(Arrays.copyOf(answer.body(), answer.body().length / 2)));
        };
    }

    /** The upstream's answer without its body. */
    static Fault emptyBody() {
        return passage -> passage.give(passage.ask().withBody(new byte[0]));
    }

    /** The upstream's answer under another media type. */
    static Fault contentType(String mediaType) {
        return passage -> passage.give(passage.ask().withHeader("Content-Type", mediaType));
    }

    /** For certificates: the upstream's answer, the chain replaced by PEM blocks that hold no certificate. */
    static Fault garbageChain() {
        String block = "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
        return passage -> passage.give(passage.ask().withBody((block + block).getBytes(StandardCharsets.US_ASCII)));
    }

    /** Waits, then passes the request on: it reaches the upstream late. */
    static Fault delayBefore(Duration time) {
        return passage -> {
            passage.waitFor(time);
            passage.give(passage.ask());
        };
    }

    /** Passes the request on, then waits: the answer is late. */
    static Fault delayAfter(Duration time) {
        return passage -> {
            Answer answer = passage.ask();
            passage.waitFor(time);
            passage.give(answer);
        };
    }

    /** The request is lost: the connection is cut, the upstream knows nothing of it. */
    static Fault requestLost() {
        return Passage::cut;
    }

    /** The answer is lost: the upstream has done what it was asked, then the connection is cut. */
    static Fault answerLost() {
        return passage -> {
            passage.ask();
            passage.cut();
        };
    }

    /** The request hangs until it is released, then it is passed on. */
    static Fault hang() {
        return passage -> {
            passage.waitForRelease();
            passage.give(passage.ask());
        };
    }

    /** The upstream is asked at once, its answer hangs until it is released. */
    static Fault hangAfter() {
        return passage -> {
            Answer answer = passage.ask();
            passage.waitForRelease();
            passage.give(answer);
        };
    }

    /** The upstream's answer begins and does not end until it is released; then the connection is cut. */
    static Fault hangInBody() {
        return passage -> {
            passage.giveHalf(passage.ask());
            passage.waitForRelease();
            passage.cut();
        };
    }

    private static Map<String, String> retryAfter(Duration time) {
        return Map.of("Retry-After", Long.toString(time.toSeconds()));
    }
}

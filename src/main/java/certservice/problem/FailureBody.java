package certservice.problem;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;

/** A failure as the caller gets it: {@code message}, and what helps to mend it. */
final class FailureBody {

    private FailureBody() {
    }

    /** An authorization failure has the message alone, as the contract says. */
    static String json(Failure failure, String requestId) {
        JsonObjectBuilder body = Json.createObjectBuilder().add("message", failure.getMessage());
        if (!failure.problems().isEmpty()) {
            JsonArrayBuilder problems = Json.createArrayBuilder();
            failure.problems().forEach(problem -> problems.add(json(problem)));
            body.add("problems", problems);
        }
        if (failure.status() >= 429) {
            body.add("requestId", requestId);
        }
        return body.build().toString();
    }

    private static JsonObjectBuilder json(Problem problem) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        if (problem.domain() != null) {
            json.add("domain", problem.domain());
        }
        return json.add("type", problem.type()).add("detail", problem.detail()).add("hint", problem.hint());
    }
}

package certservice.order;

import certservice.problem.Problem;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Collectors;

/** Problems as a column keeps them. What the CA said, in which it may quote callers' servers, is cut to fit. */
final class Problems {

    private static final int COLUMN = 100_000;
    private static final int LONGEST_DETAIL = 2_000;

    /** One for each name of the largest request. */
    private static final int MOST = 100;

    private Problems() {
    }

    static String write(List<Problem> problems) {
        for (int detail = LONGEST_DETAIL; ; detail /= 2) {
            String all = write(problems, detail);
            if (all.length() <= COLUMN || detail == 0) {
                return all;
            }
        }
    }

    private static String write(List<Problem> problems, int longestDetail) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        for (Problem problem : problems.subList(0, Math.min(problems.size(), MOST))) {
            JsonObjectBuilder json = Json.createObjectBuilder()
                    .add("type", problem.type())
                    .add("detail", cut(problem.detail().replace('\0', ' '), longestDetail))
                    .add("hint", problem.hint());
            if (problem.domain() != null) {
                json.add("domain", problem.domain());
            }
            all.add(json);
        }
        return all.build().toString();
    }

    /** For people alone: a line for each. */
    static String text(List<Problem> problems) {
        return cut(problems.stream().map(each -> each.domain() + " " + each.type() + " " + each.detail())
                .collect(Collectors.joining("\n")).replace('\0', ' '), COLUMN);
    }

    private static String cut(String text, int length) {
        return text.substring(0, Math.min(text.length(), length));
    }

    static List<Problem> read(String column) {
        if (column == null) {
            return List.of();
        }
        try (JsonReader reader = Json.createReader(new StringReader(column))) {
            JsonArray all = reader.readArray();
            return all.getValuesAs(JsonObject.class).stream().map(each -> new Problem(
                    each.getString("domain", null), each.getString("type"), each.getString("detail"),
                    each.getString("hint"))).toList();
        }
    }
}

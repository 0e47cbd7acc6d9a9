package certservice.admin.rest;

import certservice.json.JsonFields;
import certservice.problem.Failure;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;

/** What all resources read and answer alike. */
final class Replies {

    private Replies() {
    }

    static Response ok(Fields body) {
        return Response.ok(body.build().toString(), MediaType.APPLICATION_JSON_TYPE).build();
    }

    static Response ok(Fields body, long version) {
        return Response.ok(body.build().toString(), MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.ETAG, IfMatch.tag(version)).build();
    }

    /** @param location a path from the server's root on; a proxy knows better what is before it */
    static Response created(String location, Fields body, long version) {
        return Response.status(Response.Status.CREATED).type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.LOCATION, location).header(HttpHeaders.ETAG, IfMatch.tag(version))
                .entity(body.build().toString()).build();
    }

    /** @throws Failure 415 if the body is not said to be JSON, 400 if it isn't */
    static JsonFields body(InputStream body, HttpHeaders headers) {
        String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
        if (type == null || !SameSite.isJson(type)) {
            throw Failure.http(415, "The Content-Type must be application/json");
        }
        return JsonFields.of(body);
    }

    /** As {@link #body}; but there may be none. */
    static JsonFields optionalBody(InputStream body, HttpHeaders headers) {
        return headers.getHeaderString(HttpHeaders.CONTENT_TYPE) == null ? withoutType(body)
                : JsonFields.ofOptional(body);
    }

    private static JsonFields withoutType(InputStream body) {
        JsonFields fields = JsonFields.ofOptional(body);
        if (!fields.isEmpty()) {
            throw Failure.http(415, "The Content-Type must be application/json");
        }
        return fields;
    }
}

package certservice.problem;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJBException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureMapperTest {

    private final FailureMapper mapper = new FailureMapper();

    @Test
    void answersAnUnauthorizedRequestWithTheChallenge() {
        Response response = mapper.toResponse(Failure.unauthorized());
        assertThat(response.getStatus()).isEqualTo(401);
        assertThat(response.getHeaderString("WWW-Authenticate")).isEqualTo("ApiKey header=\"X-Api-Key\"");
        assertThat(response.getMediaType()).isEqualTo(MediaType.APPLICATION_JSON_TYPE);
        assertThat(response.getEntity()).isInstanceOf(Failure.class);
    }

    @Test
    void challengesNobodyElse() {
        Response response = mapper.toResponse(Failure.badRequest("domains is missing"));
        assertThat(response.getStatus()).isEqualTo(400);
        assertThat(response.getHeaders()).containsOnlyKeys("Content-Type");
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 1", "PT0.001S, 1", "PT1S, 1", "PT1.000000001S, 2", "PT59.5S, 60", "PT168H, 604800", "-PT5S, 1"})
    void roundsRetryAfterUpToWholeSecondsAndAtLeastOne(Duration wait, String header) {
        assertThat(mapper.toResponse(Failure.rateLimited(List.of(), wait, null)).getHeaderString("Retry-After"))
                .isEqualTo(header);
    }

    @Test
    void saysWhenToComeBackAlsoWhileTheServiceIsUnavailable() {
        Response response = mapper.toResponse(Failure.unavailable("Not now", Duration.ofSeconds(30), null));
        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(response.getHeaderString("Retry-After")).isEqualTo("30");
    }

    @Test
    void findsTheFailureThatAServerHasWrapped() {
        Failure failure = Failure.badRequest("domains is missing");
        EJBException wrapped = new EJBException(new CompletionException(failure));
        Response response = mapper.toResponse(wrapped);
        assertThat(response.getStatus()).isEqualTo(400);
        assertThat(response.getEntity()).isSameAs(failure);
    }

    @Test
    void keepsTheHeadersOfWhatHttpItselfRefuses() {
        Response response = mapper.toResponse(new NotAllowedException("POST"));
        assertThat(response.getStatus()).isEqualTo(405);
        assertThat(response.getAllowedMethods()).containsExactly("POST");
        assertThat(((Failure) response.getEntity()).getMessage()).isEqualTo(HttpMessages.of(405));
    }

    /** Its message names a path, or a class. */
    @Test
    void keepsNoMessageOfTheServer() {
        Response response = mapper.toResponse(new NotFoundException("HTTP 404: http://10.0.0.7/internal"));
        assertThat(((Failure) response.getEntity()).getMessage()).isEqualTo("There is nothing at this path");
    }

    @Test
    void replacesAnEntityThatTheServerHasMade() {
        Response html = Response.status(413).entity("<html>").type(MediaType.TEXT_HTML_TYPE).build();
        Response response = mapper.toResponse(new WebApplicationException(html));
        assertThat(response.getMediaType()).isEqualTo(MediaType.APPLICATION_JSON_TYPE);
        assertThat(response.getEntity()).isInstanceOf(Failure.class);
    }

    @Test
    void tellsNothingOfWhatNobodyForesaw() {
        Response response = mapper.toResponse(new IllegalStateException("/srv/secret/master.key is damaged"));
        assertThat(response.getStatus()).isEqualTo(500);
        Failure failure = (Failure) response.getEntity();
        assertThat(FailureBody.json(failure, "1"))
                .isEqualTo("{\"message\":\"No certificate was generated\",\"requestId\":\"1\"}");
    }

    @Test
    void answersAnErrorOfTheVirtualMachineToo() {
        assertThat(mapper.toResponse(new StackOverflowError()).getStatus()).isEqualTo(500);
    }
}

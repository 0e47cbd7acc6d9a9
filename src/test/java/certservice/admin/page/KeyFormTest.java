package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.ApiKeyDetails;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyFormTest {

    @Test
    void doesNotMoveAnExpiryThatNobodyHasChanged() {
        Instant expires = Instant.parse("2027-01-31T12:05:59.123Z");
        KeyForm form = new KeyForm(expiring(expires));
        form.setExpires(form.getExpires());
        assertThat(form.getExpires()).isEqualTo("2027-01-31T12:05");
        assertThat(form.change().expires()).isEqualTo(expires);
        form.setExpires("2027-01-31T12:06");
        assertThat(form.change().expires()).isEqualTo(Instant.parse("2027-01-31T12:06:00Z"));
        form.setExpires("");
        assertThat(form.change().expires()).isNull();
    }

    @Test
    void keepsThatAKeyNeverExpires() {
        assertThat(new KeyForm(expiring(null)).change().expires()).isNull();
        assertThat(new KeyForm().change().expires()).isNull();
    }

    private static ApiKeyDetails expiring(Instant expires) {
        return new ApiKeyDetails("1", "portal", true, expires, List.of(), List.of(), List.of(), List.of(), null, 0,
                Instant.EPOCH, null, null, 1);
    }
}

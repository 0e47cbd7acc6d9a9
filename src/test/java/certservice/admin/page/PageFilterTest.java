package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageFilterTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "same-origin, https://admin.example, admin.example, false",
        "none, -, admin.example, false",
        "cross-site, https://admin.example, admin.example, true",
        "same-site, https://other.example, admin.example, true",
        "-, https://admin.example, admin.example, false",
        "-, http://127.0.0.1:8080, 127.0.0.1:8080, false",
        "-, https://evil.example, admin.example, true",
        "-, https://admin.example.evil.example, admin.example, true",
        "-, null, admin.example, true",
        "-, -, admin.example, false",
    })
    void knowsWhichFormsAnotherSiteHasSent(String site, String origin, String host, boolean elsewhere) {
        assertThat(PageFilter.isFromElsewhere(site, origin, host)).isEqualTo(elsewhere);
    }
}

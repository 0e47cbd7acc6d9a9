package certservice.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisteredDomainTest {

    @ParameterizedTest
    @CsvSource({
            "example.com, example.com",
            "a.b.www.example.com, example.com",
            "*.example.com, example.com",
            "*.a.example.com, example.com",
            "www.example.co.uk, example.co.uk",
            // a rule with a wildcard, and an exception from one
            "a.b.anything.ck, b.anything.ck",
            "a.www.ck, www.ck",
            "a.city.kawasaki.jp, city.kawasaki.jp",
            // internationalized, in the name and in the suffix
            "www.xn--mnchen-3ya.de, xn--mnchen-3ya.de",
            "www.xn--strae-oqa.de, xn--strae-oqa.de",
            "www.xn--85x722f.xn--55qx5d.cn, xn--85x722f.xn--55qx5d.cn",
            "www.test.xn--p1ai, test.xn--p1ai"})
    void isTheLabelBeforeThePublicSuffixWithIt(String name, String registered) {
        assertThat(RegisteredDomain.of(DomainName.of(name))).isEqualTo(DomainName.of(registered));
    }

    @Test
    void countsThePrivateSectionOfTheListAsTheCaDoes() {
        assertThat(RegisteredDomain.of(DomainName.of("www.me.github.io"))).isEqualTo(DomainName.of("me.github.io"));
    }

    @ParameterizedTest
    @CsvSource({"co.uk", "github.io", "anything.ck", "host.corp.internal"})
    void isTheNameItselfIfNobodyCanRegisterOneAboveIt(String name) {
        assertThat(RegisteredDomain.of(DomainName.of(name))).isEqualTo(DomainName.of(name));
    }

    @Test
    void takesTheLongestName() {
        DomainName longest = DomainName.of(("a".repeat(60) + ".").repeat(3) + "b".repeat(58) + ".example.com");
        assertThat(RegisteredDomain.of(longest)).isEqualTo(DomainName.of("example.com"));
    }
}

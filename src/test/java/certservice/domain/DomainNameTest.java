package certservice.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainNameTest {

    private static final String LABEL_63 = "a".repeat(63);
    private static final String NAME_253 = (LABEL_63 + ".").repeat(3) + "a".repeat(57) + ".com";

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("example.com", "example.com"),
                Arguments.of("  example.com\u00a0", "example.com"),
                Arguments.of("WWW.Example.COM", "www.example.com"),
                Arguments.of("example.com.", "example.com"),
                Arguments.of("*.example.com", "*.example.com"),
                Arguments.of("*.EXAMPLE.com.", "*.example.com"),
                Arguments.of("*\u3002example\u3002com\u3002", "*.example.com"),
                Arguments.of("münchen.example.com", "xn--mnchen-3ya.example.com"),
                Arguments.of("MÜNCHEN.example.com", "xn--mnchen-3ya.example.com"),
                Arguments.of("mu\u0308nchen.example.com", "xn--mnchen-3ya.example.com"),
                Arguments.of("*.münchen.example", "*.xn--mnchen-3ya.example"),
                Arguments.of("XN--MNCHEN-3YA.example.com", "xn--mnchen-3ya.example.com"),
                Arguments.of("straße.example", "xn--strae-oqa.example"),
                Arguments.of("ｅｘａｍｐｌｅ。ｃｏｍ", "example.com"),
                Arguments.of("\u0430pple.com", "xn--pple-43d.com"),
                Arguments.of("exa\u00admple.com", "example.com"),
                Arguments.of("\u0915\u094d\u200d\u0937.example", "xn--11b2ezcw70k.example"),
                Arguments.of("例え.テスト", "xn--r8jz45g.xn--zckzah"),
                Arguments.of("1.2.3.example", "1.2.3.example"),
                Arguments.of("0a.4com", "0a.4com"),
                Arguments.of("a-b--c.com", "a-b--c.com"),
                Arguments.of(LABEL_63 + ".com", LABEL_63 + ".com"),
                Arguments.of(NAME_253, NAME_253),
                Arguments.of(NAME_253 + ".", NAME_253));
    }

    @ParameterizedTest
    @MethodSource("names")
    void normalizes(String text, String normalized) {
        assertThat(DomainName.of(text)).hasToString(normalized);
    }

    @ParameterizedTest
    @MethodSource("names")
    void leavesTheNormalizedFormAsItIs(String text, String normalized) {
        assertThat(DomainName.of(normalized)).hasToString(normalized).isEqualTo(DomainName.of(text));
    }

    static Stream<Arguments> badNames() {
        String characters = "letters, digits, hyphens and dots";
        String labels = "1 to 63 characters";
        String star = "only '*' in front";
        return Stream.of(
                Arguments.of("", labels),
                Arguments.of(" ", labels),
                Arguments.of(".", labels),
                Arguments.of("*.", star),
                Arguments.of(".example.com", labels),
                Arguments.of("*..example.com", labels),
                Arguments.of("example..com", labels),
                Arguments.of("example.com..", labels),
                Arguments.of("example.com.\u3002", labels),
                Arguments.of("\u00ad.com", labels),
                Arguments.of(LABEL_63 + "a.com", labels),
                Arguments.of("ü".repeat(63) + ".com", labels),
                Arguments.of(NAME_253.replace(".com", "a.com"), "253"),
                Arguments.of("*." + NAME_253, "253"),
                Arguments.of(("ü.").repeat(60) + "com", "253"),
                Arguments.of("a".repeat(100_000), "253"),
                Arguments.of("ü".repeat(100_000) + ".com", "253"),
                Arguments.of("*", star),
                Arguments.of("*.*.example.com", star),
                Arguments.of("foo.*.com", star),
                Arguments.of("f*.example.com", star),
                Arguments.of("*example.com", star),
                Arguments.of("example.*", star),
                Arguments.of("＊.example.com", characters),
                Arguments.of("*.com", "at least two parts after '*.'"),
                Arguments.of("localhost", "at least two parts"),
                Arguments.of("192.0.2.1", "IP address"),
                Arguments.of("192.0.2.1.", "IP address"),
                Arguments.of("*.0.2.1", "IP address"),
                Arguments.of("①.②.③.④", "IP address"),
                Arguments.of("2001:db8::1", "IP address"),
                Arguments.of("[2001:db8::1]", "IP address"),
                Arguments.of("::ffff:192.0.2.1", "IP address"),
                Arguments.of("fe80::1%eth0", "IP address"),
                Arguments.of("example.123", "must not be a number"),
                Arguments.of("42", "must not be a number"),
                Arguments.of("-a.example.com", "hyphen"),
                Arguments.of("a-.example.com", "hyphen"),
                Arguments.of("ab--cd.com", "third and fourth"),
                Arguments.of("xn--a.com", "'xn--'"),
                Arguments.of("xn--.com", "'xn--'"),
                Arguments.of("xn--example-.com", "'xn--'"),
                Arguments.of("xn--\u00fc.com", "'xn--'"),
                Arguments.of("xn--99999999999.com", "'xn--'"),
                Arguments.of("\u0301a.com", "combining mark"),
                Arguments.of("\u05d0a.com", "right-to-left"),
                Arguments.of("a\u200db.com", "invisible joiner"),
                Arguments.of("_acme-challenge.example.com", characters),
                Arguments.of("exa mple.com", characters),
                Arguments.of("exa\u00a0mple.com", characters),
                Arguments.of("\u001cexample.com", characters),
                Arguments.of("example.com\u0000", characters),
                Arguments.of("exa\nmple.com", characters),
                Arguments.of("exa\u202emple.com", characters),
                Arguments.of("exa\ud800mple.com", characters),
                Arguments.of("https://example.com/", characters),
                Arguments.of("example.com:443", characters),
                Arguments.of("user@example.com", characters),
                Arguments.of("<script>.example.com", characters));
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void saysInPlainWordsWhyANameIsRejected(String text, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of(text))
                .withMessageContaining("is not a valid DNS name: ")
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage())
                        .hasSizeLessThan(600)
                        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}]")
                        .doesNotContainPattern("[A-Z]_[A-Z]|UTS|IDNA|certservice|Exception"));
    }

    @Test
    void rejectsHugeInputWithoutNormalizingIt() {
        String huge = "ü".repeat(100_000);
        assertTimeout(Duration.ofSeconds(2), () -> {
            for (int i = 0; i < 1000; i++) {
                assertThatIllegalArgumentException().isThrownBy(() -> DomainName.of(huge));
            }
        });
    }

    @Test
    void keepsHomographsApart() {
        assertThat(DomainName.of("\u0430pple.com")).isNotEqualTo(DomainName.of("apple.com"));
    }

    @ParameterizedTest
    @CsvSource({
            "example.com,        false, example.com,       true",
            "example.com,        false, www.example.com,   false",
            "example.com,        false, a.b.example.com,   false",
            "example.com,        false, *.example.com,     false",
            "example.com,        false, badexample.com,    false",
            "example.com,        true,  example.com,       true",
            "example.com,        true,  www.example.com,   true",
            "example.com,        true,  a.b.example.com,   true",
            "example.com,        true,  *.example.com,     true",
            "example.com,        true,  *.a.b.example.com, true",
            "example.com,        true,  badexample.com,    false",
            "example.com,        true,  example.com.evil.org, false",
            "example.com,        true,  example.co,        false",
            "*.example.com,      false, example.com,       false",
            "*.example.com,      false, www.example.com,   false",
            "*.example.com,      false, a.b.example.com,   false",
            "*.example.com,      false, *.example.com,     true",
            "*.example.com,      false, *.a.example.com,   false",
            "*.example.com,      false, badexample.com,    false",
            "*.example.com,      true,  *.example.com,     true",
            "*.example.com,      true,  www.example.com,   false",
            "*.example.com,      true,  example.com,       false",
            "www.example.com,    true,  example.com,       false",
            "www.example.com,    true,  *.example.com,     false",
            "münchen.example.com, false, MÜNCHEN.example.com., true",
            "example.com,        true,  ex\u0430mple.com,  false",
    })
    void isPermittedByWholeLabelsOnly(String association, boolean subdomains, String name, boolean permitted) {
        assertThat(DomainName.of(name).isPermittedBy(DomainName.of(association), subdomains)).isEqualTo(permitted);
    }

    @ParameterizedTest
    @CsvSource({
            "example.com,       example.com",
            "a.b.example.com,   a.b.example.com b.example.com example.com",
            "*.example.com,     *.example.com example.com",
            "*.a.example.com,   *.a.example.com a.example.com example.com",
    })
    void listsTheAssociationsThatCouldPermitIt(String name, String associations) {
        assertThat(DomainName.of(name).associations())
                .containsExactlyElementsOf(Stream.of(associations.split(" ")).map(DomainName::of).toList());
    }

    @Test
    void listsEveryAssociationThatPermitsIt() {
        List<DomainName> all = Stream.of("example.com", "*.example.com", "a.example.com", "*.a.example.com",
                "b.a.example.com", "*.b.a.example.com", "example.org", "a.example.org").map(DomainName::of).toList();
        for (DomainName name : all) {
            assertThat(all).filteredOn(association -> name.isPermittedBy(association, true))
                    .isSubsetOf(name.associations());
        }
    }

    @ParameterizedTest
    @CsvSource({
            "*.example.com, www.example.com, true",
            "*.example.com, example.com,     false",
            "*.example.com, a.b.example.com, false",
            "*.example.com, *.example.com,   false",
            "*.example.com, *.a.example.com, false",
            "*.example.com, badexample.com,  false",
            "example.com,   www.example.com, false",
    })
    void coversOneLabelAsWildcard(String wildcard, String name, boolean covered) {
        assertThat(DomainName.of(wildcard).coversAsWildcard(DomainName.of(name))).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "*.example.com"})
    void hasTheBaseWhereItIsProven(String name) {
        assertThat(DomainName.of(name).base()).isEqualTo(DomainName.of("example.com"));
    }
}

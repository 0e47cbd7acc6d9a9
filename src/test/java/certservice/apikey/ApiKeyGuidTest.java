package certservice.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyGuidTest {

    private static final String CANONICAL = "0f8fad5b-d9cb-469f-a165-70867728950e";

    @ParameterizedTest
    @ValueSource(strings = {
            CANONICAL,
            "0F8FAD5B-D9CB-469F-A165-70867728950E",
            "0f8fad5b-D9CB-469f-A165-70867728950e",
            "{0f8fad5b-d9cb-469f-a165-70867728950e}",
            "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
    })
    void readsEveryWayToWriteOneGuidAsTheSame(String header) {
        ApiKeyGuid guid = ApiKeyGuid.parse(header).orElseThrow();
        assertThat(guid.clearText()).isEqualTo(CANONICAL);
        assertThat(guid).isEqualTo(ApiKeyGuid.parse(CANONICAL).orElseThrow())
                .hasSameHashCodeAs(ApiKeyGuid.parse(CANONICAL).orElseThrow());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {
            " ",
            "secret",
            "0f8fad5bd9cb469fa16570867728950e",
            "0f8fad5b-d9cb-469f-a165-70867728950",
            "0f8fad5b-d9cb-469f-a165-70867728950e0",
            "0f8fad5b-d9cb-469f-a165-70867728950g",
            "0f8fad5-bd9cb-469f-a165-70867728950e",
            "{0f8fad5b-d9cb-469f-a165-70867728950e",
            "0f8fad5b-d9cb-469f-a165-70867728950e}",
            "{{0f8fad5b-d9cb-469f-a165-70867728950e}}",
            "(0f8fad5b-d9cb-469f-a165-70867728950e)",
            " 0f8fad5b-d9cb-469f-a165-70867728950e",
            "0f8fad5b-d9cb-469f-a165-70867728950e\n",
            "0f8fad5b-d9cb-469f-a165-70867728950e,0f8fad5b-d9cb-469f-a165-70867728950e",
            "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
            "０f8fad5b-d9cb-469f-a165-70867728950e",
            "0f8fad5b\u2010d9cb-469f-a165-70867728950e",
            "' OR 1=1 --",
    })
    void readsNothingElse(String header) {
        assertThat(ApiKeyGuid.parse(header)).isEmpty();
    }

    @Test
    void hashesTheCanonicalForm() {
        // printf %s 0f8fad5b-d9cb-469f-a165-70867728950e | sha256sum
        assertThat(ApiKeyGuid.parse("{0F8FAD5B-D9CB-469F-A165-70867728950E}").orElseThrow().hash())
                .isEqualTo("c812e1edb64417d6090dcfbaf16c21cd8e8665c04396e1edb472fecfb2797c6a");
    }

    @Test
    void makesADifferentKeyEveryTime() {
        ApiKeyGuid one = ApiKeyGuid.random();
        assertThat(one).isNotEqualTo(ApiKeyGuid.random());
        assertThat(UUID.fromString(one.clearText()).version()).isEqualTo(4);
        assertThat(ApiKeyGuid.parse(one.clearText())).contains(one);
    }

    @Test
    void doesNotPrintItself() {
        assertThat(ApiKeyGuid.parse(CANONICAL).orElseThrow().toString()).doesNotContainPattern("[0-9]");
    }
}

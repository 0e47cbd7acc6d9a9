package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.Page;
import certservice.admin.Search;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {

    private final Listing listing = new Listing();

    @Test
    void asksForThePageThatTheAddressNames() {
        List<Search> asked = new ArrayList<>();
        listing.setText(" www ");
        listing.setPage("3");

        listing.load(search -> {
            asked.add(search);
            return new Page<>(List.of("a"), 51);
        });

        assertThat(asked).containsExactly(new Search("www", 50, 25));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "two", "99999999999", "1.5"})
    void takesWhatIsNoPageForTheFirst(String text) {
        listing.setPage(text);

        assertThat(listing.getPage()).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0 entries, false, false",
        "1, 1, 1–1 of 1, false, false",
        "1, 25, 1–25 of 25, false, false",
        "1, 26, 1–25 of 26, true, false",
        "2, 26, 26–26 of 26, false, true",
        "9, 26, 26 entries, false, true",
    })
    void saysWhichPartIsShown(String page, int total, String summary, boolean more, boolean furtherOn) {
        listing.setPage(page);
        listing.load(search -> new Page<>(Collections.<String>emptyList(), total));

        assertThat(listing.getSummary()).isEqualTo(summary);
        assertThat(listing.isMore()).isEqualTo(more);
        assertThat(listing.isFurtherOn()).isEqualTo(furtherOn);
    }

    @Test
    void keepsTextAndFiltersInTheAddressesOfOtherPages() {
        listing.setText("a&b=c");
        listing.filter("status", "valid");
        listing.filter("other", " ");
        listing.setPage("2");

        assertThat(listing.getNext()).isEqualTo("?q=a%26b%3Dc&status=valid&page=3");
        assertThat(listing.getPrevious()).isEqualTo("?q=a%26b%3Dc&status=valid&page=1");
        assertThat(new Listing().getNext()).isEqualTo("?page=2");
    }
}

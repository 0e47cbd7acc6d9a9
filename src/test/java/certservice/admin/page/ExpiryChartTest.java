package certservice.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import certservice.admin.CertificateAdministration.Expiries;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ExpiryChartTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 1);

    @Test
    void hasABarForEachDayOnWhichSomethingExpires() throws Exception {
        Document svg = parse(ExpiryChart.svg(List.of(day(0, 4, 0, 0), day(1, 0, 0, 0), day(2, 1, 1, 1))));

        assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(3);
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("2026-11-01: 4, replaced: 0");
        assertThat(svg.getElementsByTagName("title").item(1).getTextContent()).isEqualTo("2026-11-03: 2, replaced: 1");
    }

    @Test
    void makesTheLargestDayAsHighAsTheChartAndOneCertificateVisible() throws Exception {
        Document svg = parse(ExpiryChart.svg(List.of(day(0, 10_000, 0, 0), day(1, 1, 0, 0))));

        assertThat(svg.getElementsByTagName("rect").item(0).getAttributes().getNamedItem("height").getNodeValue())
                .isEqualTo("120");
        assertThat(svg.getElementsByTagName("rect").item(1).getAttributes().getNamedItem("height").getNodeValue())
                .isEqualTo("2");
    }

    @Test
    void isThereWithoutAnything() throws Exception {
        Document svg = parse(ExpiryChart.svg(IntStream.rangeClosed(0, 90).mapToObj(day -> day(day, 0, 0, 0)).toList()));

        assertThat(svg.getElementsByTagName("rect").getLength()).isZero();
        assertThat(svg.getDocumentElement().getAttribute("aria-label"))
                .isEqualTo("0 certificates expire within 90 days; 0 of them are replaced already.");
        assertThat(parse(ExpiryChart.svg(List.of()))).isNotNull();
    }

    @Test
    void hasNoStylesThatAPolicyWouldStop() {
        assertThat(ExpiryChart.svg(List.of(day(0, 3, 1, 1)))).doesNotContain("style").doesNotContain("script");
    }

    @Test
    void saysInOneSentenceWhatItShows() {
        assertThat(ExpiryChart.summary(List.of(day(0, 1, 0, 1), day(1, 0, 0, 0), day(2, 0, 0, 0))))
                .isEqualTo("1 certificate expires within 2 days; 1 of them is replaced already.");
    }

    private static Expiries day(int day, long production, long staging, long renewed) {
        return new Expiries(TODAY.plusDays(day), production, staging, renewed);
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
    }
}

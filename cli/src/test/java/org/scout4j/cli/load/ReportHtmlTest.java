package org.scout4j.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportHtmlTest {
    @Test
    void isWellFormedWhateverServersSay() throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            Outcome.Fault fault =
                    i % 7 == 0
                            ? new Outcome.Fault("x", "</svg><script>alert(1)</script>\u0000")
                            : null;
            outcomes.add(FiguresTest.outcome(i, i, i + 2, i + 60, null, fault, i + 20, i + 40));
        }
        String html =
                ReportHtml.of(
                        FiguresTest.result(
                                List.of(FiguresTest.run(outcomes)),
                                List.of(FiguresTest.run(outcomes))));
        Document page = parse(html);

        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(html).contains("&lt;b&gt;&#39;&quot;&amp;\uFFFD&lt;/script&gt;");
        assertThat(html).doesNotContain("NaN", "Infinity", "src=", "href=", "@import", "url(");
        assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(4 + 2);
        assertThat(page.getElementsByTagName("rect").getLength()).isGreaterThan(2 * Waterfall.MOST);
    }

    @Test
    void everyPlotHasWordsForThoseWhoDoNotSeeIt() throws Exception {
        List<LoadRun> run =
                List.of(
                        FiguresTest.run(
                                List.of(FiguresTest.outcome(0, 0, 0, 9, null, null, 3, 5))));
        NodeList plots =
                parse(ReportHtml.of(FiguresTest.result(run, run))).getElementsByTagName("svg");

        for (int i = 0; i < plots.getLength(); i++) {
            Element plot = (Element) plots.item(i);
            assertThat(plot.getAttribute("role")).isEqualTo("img");
            assertThat(plot.getElementsByTagName("title").item(0).getTextContent()).isNotBlank();
            assertThat(plot.getElementsByTagName("desc").item(0).getTextContent()).isNotBlank();
        }
    }

    @Test
    void aRunInWhichNothingSucceededHasAPageToo() throws Exception {
        List<LoadRun> failed =
                List.of(
                        FiguresTest.run(
                                List.of(
                                        FiguresTest.outcome(
                                                0, 0, 0, 0, null, Outcome.Fault.http(500, "")))));
        List<LoadRun> none = List.of(FiguresTest.run(List.of()));

        assertThat(ReportHtml.of(FiguresTest.result(failed, none)))
                .doesNotContain("NaN", "Infinity");
        parse(ReportHtml.of(FiguresTest.result(failed, none)));
    }

    /** From 0 to not beyond the most, and neither too many nor too few to read. */
    @Test
    void ticks() {
        for (double most = 0.0003; most < 1e7; most *= 1.07) {
            List<Double> ticks = LinePlot.ticks(most);
            assertThat(ticks.getFirst()).isZero();
            assertThat(ticks.getLast()).isBetween(most * 0.6, most * 1.001);
            assertThat(ticks.size()).as("%s", most).isBetween(3, 8);
        }
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html)));
    }
}

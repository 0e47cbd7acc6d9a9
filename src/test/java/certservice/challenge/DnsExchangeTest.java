package certservice.challenge;

import static certservice.challenge.ScriptedDns.answerTo;
import static org.assertj.core.api.Assertions.assertThat;

import certservice.challenge.DnsExchange.Question;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

class DnsExchangeTest {

    private static final Duration TIMEOUT = Duration.ofMillis(400);
    private static final Function<Message, List<Message>> SILENT = query -> List.of();

    private static Question question(ScriptedDns server, String name) {
        return new Question(server.address(), Name.fromConstantString(name), Type.TXT, false);
    }

    private static Message txt(Message query) {
        Message answer = answerTo(query, Flags.AA);
        answer.addRecord(new TXTRecord(query.getQuestion().getName(), DClass.IN, 1, "value"), Section.ANSWER);
        return answer;
    }

    @Test
    void waitsOneTimeoutForManySilentQuestions() throws Exception {
        try (ScriptedDns server = new ScriptedDns(SILENT, SILENT)) {
            List<Question> questions = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                questions.add(question(server, "n" + i + ".example.test."));
            }
            long start = System.nanoTime();
            assertThat(DnsExchange.ask(questions, TIMEOUT)).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(TIMEOUT.minusMillis(5),
                    TIMEOUT.multipliedBy(4));
            assertThat(server.queries()).hasSize(90);
        }
    }

    @Test
    void ignoresAnswersWithAnotherIdOrQuestionAndWaitsForTheRightOne() throws Exception {
        Function<Message, List<Message>> liar = query -> {
            Message wrongId = answerTo(query, Flags.AA);
            wrongId.getHeader().setID(query.getHeader().getID() ^ 1);
            Message wrongQuestion = answerTo(Message.newQuery(Record.newRecord(
                    Name.fromConstantString("other.test."), Type.TXT, DClass.IN)), Flags.AA);
            wrongQuestion.getHeader().setID(query.getHeader().getID());
            return List.of(wrongId, wrongQuestion, query, txt(query));
        };
        try (ScriptedDns server = new ScriptedDns(liar, SILENT)) {
            Question question = question(server, "a.test.");
            Message answer = DnsExchange.ask(List.of(question), TIMEOUT).get(question);
            assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
        }
    }

    @Test
    void asksOverTcpWhatCameTruncated() throws Exception {
        try (ScriptedDns server = new ScriptedDns(query -> List.of(answerTo(query, Flags.TC)),
                query -> List.of(txt(query)))) {
            Question question = question(server, "a.test.");
            Message answer = DnsExchange.ask(List.of(question), TIMEOUT).get(question);
            assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
        }
    }

    @Test
    void doesNotWaitWhereNothingListens() throws Exception {
        Question question = new Question(new InetSocketAddress("127.0.0.1", Named.freePort("127.0.0.1")),
                Name.fromConstantString("a.test."), Type.TXT, false);
        long start = System.nanoTime();
        assertThat(DnsExchange.ask(List.of(question), Duration.ofSeconds(30))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void endsEarlyWhenInterruptedAndKeepsTheFlag() throws Exception {
        try (ScriptedDns server = new ScriptedDns(SILENT, SILENT)) {
            Thread.currentThread().interrupt();
            long start = System.nanoTime();
            Map<Question, Message> answers =
                    DnsExchange.ask(List.of(question(server, "a.test.")), Duration.ofSeconds(30));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(answers).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void sendsTheRestAgainWhenTheServerClosesAfterEachAnswer() throws Exception {
        try (ScriptedDns server = new ScriptedDns(SILENT, query -> List.of(txt(query)))) {
            List<Message> questions = new ArrayList<>();
            for (String name : List.of("a.test.", "b.test.", "c.test.")) {
                questions.add(question(server, name).message());
            }
            assertThat(DnsExchange.overTcp(server.address(), questions, null, Duration.ofSeconds(5)))
                    .extracting(answer -> answer.getQuestion().getName().toString())
                    .containsExactly("a.test.", "b.test.", "c.test.");
        }
    }

    @Test
    void givesNullForWhatHasNoAnswerOverTcp() throws Exception {
        try (ScriptedDns server = new ScriptedDns(SILENT, SILENT)) {
            assertThat(DnsExchange.overTcp(server.address(), List.of(question(server, "a.test.").message()), null,
                    TIMEOUT)).containsExactly((Message) null);
        }
    }
}

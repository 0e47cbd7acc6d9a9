package certservice.challenge;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.WireParseException;

/**
 * Sends many DNS messages at once and gathers the answers, all on the calling thread. dnsjava writes and reads the
 * messages; its own network client is not used, because that runs on a static thread and registers a shutdown hook,
 * which outlive the application at each redeployment
 * (<a href="https://github.com/dnsjava/dnsjava/issues/319">dnsjava issue 319</a>).
 *
 * <p>An interrupt ends the waiting early; the flag stays set. What has no answer by then is missing from the result.
 */
public final class DnsExchange {

    private static final System.Logger LOG = System.getLogger(DnsExchange.class.getName());

    /** Bounds the sockets that are open at once, and the burst that a server sees. */
    private static final int AT_ONCE = 100;
    private static final int MAX_UDP = 4096;

    private DnsExchange() {
    }

    /**
     * One question to one server.
     *
     * @param recursive whether the server should ask others (RD); false for authoritative servers
     */
    public record Question(InetSocketAddress server, Name name, int type, boolean recursive) {

        /** The question as a message with a random id. */
        public Message message() {
            Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
            if (!recursive) {
                query.getHeader().unsetFlag(Flags.RD);
            }
            return query;
        }
    }

    /**
     * Asks over UDP, each question from its own port (RFC 5452), and once more over TCP what came truncated. Nothing
     * is retransmitted: the callers ask in rounds.
     *
     * @param timeout for each hundred questions
     * @return the answers; silence, unreachable servers and answers that don't fit the question are missing
     */
    public static Map<Question, Message> ask(Collection<Question> questions, Duration timeout) {
        List<Question> distinct = List.copyOf(new LinkedHashSet<>(questions));
        Map<Question, Message> answers = new HashMap<>();
        for (int from = 0; from < distinct.size(); from += AT_ONCE) {
            askTogether(distinct.subList(from, Math.min(from + AT_ONCE, distinct.size())), timeout, answers);
        }
        for (Map.Entry<Question, Message> entry : answers.entrySet()) {
            if (entry.getValue().getHeader().getFlag(Flags.TC)) {
                Message whole = overTcp(entry.getKey().server(), List.of(entry.getKey().message()), null, timeout)
                        .get(0);
                entry.setValue(whole == null ? entry.getValue() : whole);
            }
        }
        return answers;
    }

    private static void askTogether(List<Question> questions, Duration timeout, Map<Question, Message> answers) {
        List<DatagramChannel> channels = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            try {
                int open = 0;
                for (Question question : questions) {
                    open += send(question, selector, channels) ? 1 : 0;
                }
                long end = System.nanoTime() + timeout.toNanos();
                ByteBuffer buffer = ByteBuffer.allocate(MAX_UDP);
                for (long left = timeout.toMillis(); open > 0 && left > 0 && !Thread.currentThread().isInterrupted();
                        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                    selector.select(left);
                    for (SelectionKey key : selector.selectedKeys()) {
                        open -= receive(key, buffer, answers) ? 1 : 0;
                    }
                    selector.selectedKeys().clear();
                }
            } finally {
                for (DatagramChannel channel : channels) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("The system gives no network channel", e);
        }
    }

    private record Sent(Question question, Message query) {
    }

    private static boolean send(Question question, Selector selector, List<DatagramChannel> channels)
            throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channels.add(channel);
        try {
            Message query = question.message();
            channel.configureBlocking(false);
            channel.connect(question.server());
            channel.write(ByteBuffer.wrap(query.toWire()));
            channel.register(selector, SelectionKey.OP_READ, new Sent(question, query));
            return true;
        } catch (IOException noRoute) {
            return false;
        }
    }

    /** Returns whether the wait for this question is over. */
    private static boolean receive(SelectionKey key, ByteBuffer buffer, Map<Question, Message> answers) {
        Sent sent = (Sent) key.attachment();
        buffer.clear();
        try {
            if (((DatagramChannel) key.channel()).read(buffer) <= 0) {
                return false;
            }
            buffer.flip();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            Message answer = new Message(bytes);
            if (!answers(answer, sent.query())) {
                return false;
            }
            answers.put(sent.question(), answer);
        } catch (WireParseException garbage) {
            return false;
        } catch (IOException unreachable) {
            // nothing listens there (ICMP): no answer will come
        }
        key.cancel();
        return true;
    }

    /** RFC 5452 section 9.1: an answer has id and question of its query; the connected socket checks the rest. */
    private static boolean answers(Message answer, Message query) {
        return answer.getHeader().getFlag(Flags.QR)
                && answer.getHeader().getID() == query.getHeader().getID()
                && (answer.getQuestion() == null && answer.getRcode() != 0
                        || Objects.equals(answer.getQuestion(), query.getQuestion()));
    }

    /**
     * Sends messages to one server over TCP, all before the first answer is read (RFC 7766 section 6.2.1.1). If the
     * server closes the connection before it has answered all, the rest is sent again over a new one, as long as each
     * connection brings an answer: the messages must be idempotent.
     *
     * @param messages unsigned; they are given ids that differ, and signed
     * @param key      signs the messages and verifies the answers ({@link Message#isVerified}), or {@code null}
     * @param timeout  for the connection to be made, and for each answer
     * @return one answer for each message, in order; {@code null} where none came
     */
    public static List<Message> overTcp(InetSocketAddress server, List<Message> messages, TSIG key, Duration timeout) {
        renumber(messages);
        if (key != null) {
            messages.forEach(message -> key.apply(message, null));
        }
        Map<Integer, Message> answers = new HashMap<>();
        int before;
        do {
            before = answers.size();
            converse(server, messages, key, timeout, answers);
        } while (answers.size() < messages.size() && answers.size() > before
                && !Thread.currentThread().isInterrupted());
        List<Message> inOrder = new ArrayList<>();
        for (Message message : messages) {
            inOrder.add(answers.get(message.getHeader().getID()));
        }
        return inOrder;
    }

    private static void converse(InetSocketAddress server, List<Message> messages, TSIG key, Duration timeout,
            Map<Integer, Message> answers) {
        try (Socket socket = new Socket()) {
            socket.connect(server, (int) timeout.toMillis());
            socket.setSoTimeout((int) timeout.toMillis());
            socket.setTcpNoDelay(true);
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            Map<Integer, Message> open = new HashMap<>();
            for (Message message : messages) {
                if (!answers.containsKey(message.getHeader().getID())) {
                    open.put(message.getHeader().getID(), message);
                    byte[] bytes = message.toWire();
                    out.writeShort(bytes.length);
                    out.write(bytes);
                }
            }
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (!open.isEmpty()) {
                byte[] bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                Message answer = new Message(bytes);
                Message query = open.get(answer.getHeader().getID());
                if (query != null && answers(answer, query)) {
                    if (key != null) {
                        key.verify(answer, bytes, query.getTSIG());
                    }
                    open.remove(answer.getHeader().getID());
                    answers.put(answer.getHeader().getID(), answer);
                }
            }
        } catch (IOException silence) {
            LOG.log(Level.DEBUG, () -> "DNS over TCP with " + server + ": " + silence);
        }
    }

    /** Ids that differ, since random ones collide: two of a hundred in every thirteenth batch. */
    private static void renumber(List<Message> messages) {
        int id = messages.isEmpty() ? 0 : messages.get(0).getHeader().getID();
        for (Message message : messages) {
            message.getHeader().setID(id++ & 0xFFFF);
        }
    }

    /** The SOA owner in an answer that is the name or above it: the apex of the zone that holds the name. */
    public static Optional<Name> apex(Message answer, Name name) {
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : answer.getSection(section)) {
                if (record.getType() == Type.SOA && name.subdomain(record.getName())
                        && !record.getName().equals(Name.root)) {
                    return Optional.of(record.getName());
                }
            }
        }
        return Optional.empty();
    }
}

package certservice.challenge;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** A DNS server that answers each query with what the test's script says, be it nothing or nonsense. */
public final class ScriptedDns implements AutoCloseable {

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<Message> queries = new CopyOnWriteArrayList<>();

    /** Gives the messages to send for one query. */
    public ScriptedDns(Function<Message, List<Message>> overUdp, Function<Message, List<Message>> overTcp)
            throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        int port = Named.freePort("127.0.0.1");
        udp = new DatagramSocket(port, loopback);
        tcp = new ServerSocket(port, 5, loopback);
        start(() -> serveUdp(overUdp));
        start(() -> serveTcp(overTcp));
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "scripted DNS");
        thread.setDaemon(true);
        thread.start();
    }

    /** The query as an answer, with the flags that a server sets. */
    public static Message answerTo(Message query, int... flags) {
        Message answer = new Message(query.getHeader().getID());
        answer.addRecord(query.getQuestion(), 0);
        answer.getHeader().setFlag(Flags.QR);
        for (int flag : flags) {
            answer.getHeader().setFlag(flag);
        }
        return answer;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    public List<Message> queries() {
        return queries;
    }

    private void serveUdp(Function<Message, List<Message>> script) {
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                udp.receive(packet);
                Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                queries.add(query);
                for (Message answer : script.apply(query)) {
                    byte[] bytes = answer.toWire();
                    udp.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Answers one query on each connection, then closes it. */
    private void serveTcp(Function<Message, List<Message>> script) {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                Message query = new Message(bytes);
                queries.add(query);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                for (Message answer : script.apply(query)) {
                    out.writeShort(answer.toWire().length);
                    out.write(answer.toWire());
                }
                out.flush();
                socket.shutdownOutput();
                in.readAllBytes();
            } catch (IOException closed) {
                if (tcp.isClosed()) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}

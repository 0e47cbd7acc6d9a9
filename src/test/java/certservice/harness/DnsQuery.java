package certservice.harness;

import java.io.IOException;
import java.time.Duration;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** One question to a DNS server on loopback, over TCP. */
final class DnsQuery {

    private DnsQuery() {
    }

    /**
     * Asks.
     *
     * @param name without a dot at the end
     * @param type such as {@code TXT}
     */
    static Message send(int port, String name, String type) throws IOException {
        Name absolute = Name.fromString(name, Name.root);
        return resolver(port).send(Message.newQuery(Record.newRecord(absolute, Type.value(type), DClass.IN)));
    }

    static SimpleResolver resolver(int port) throws IOException {
        SimpleResolver resolver = new SimpleResolver("127.0.0.1");
        resolver.setPort(port);
        resolver.setTCP(true);
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver;
    }
}

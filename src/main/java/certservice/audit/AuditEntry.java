package certservice.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An entry of the chain. What it says is what the database says: only {@link AuditVerifier} tells whether it is what
 * was written. Actions and outcomes are texts, since a newer version may have written others.
 */
@Entity
@Table(name = "audit_entry")
public class AuditEntry {

    private static final int MOST_NAMES = 30_000;
    private static final int LONGEST_DETAIL = 4_000;

    @Id
    @Column(name = "entry_number")
    private long number;

    @Column(nullable = false)
    private OffsetDateTime moment;

    @Column(nullable = false)
    private String node;

    @Column(nullable = false)
    private String action;

    @Column(nullable = false)
    private String outcome;

    @Column(name = "actor_kind", nullable = false)
    private String actorKind;

    @Column(name = "actor_id")
    private String actorId;

    @Column(name = "actor_name")
    private String actorName;

    private String address;

    @Column(name = "request_id")
    private String requestId;

    private String names;

    private String serial;

    private String detail;

    @Column(name = "previous_hash", nullable = false)
    private String previousHash;

    @Column(nullable = false)
    private String hash;

    protected AuditEntry() {
        // for JPA
    }

    /** The entry after that one, hashed. */
    AuditEntry(AuditAnchor last, AuditEvent event, String node, Instant now, ChainKey key) {
        this.number = last.number() + 1;
        this.moment = now.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        this.node = Texts.clean(node, 100);
        this.action = event.action().name();
        this.outcome = event.outcome().name();
        this.actorKind = event.actor().kind().name();
        this.actorId = Texts.clean(event.actor().id(), 100);
        this.actorName = Texts.clean(event.actor().name(), 255);
        this.address = Texts.clean(event.address(), 100);
        this.requestId = Texts.clean(event.requestId(), 100);
        this.names = Texts.join(event.names(), MOST_NAMES);
        this.serial = Texts.clean(event.serial(), 64);
        this.detail = detail(event);
        this.previousHash = last.hash();
        this.hash = key.hashOf(this);
    }

    private String detail(AuditEvent event) {
        int missing = event.names().size() - names().size();
        String text = Stream.of(event.detail(), event.face() == null ? null : "via " + event.face())
                .filter(Objects::nonNull).collect(Collectors.joining(", "));
        String more = missing == 0 ? "" : "(and " + missing + " more names) ";
        return text.isEmpty() && more.isEmpty() ? null : Texts.clean(more + text, LONGEST_DETAIL);
    }

    /** From a row of {@code select *}. */
    static AuditEntry read(ResultSet row) throws SQLException {
        AuditEntry entry = new AuditEntry();
        entry.number = row.getLong("entry_number");
        entry.moment = row.getObject("moment", OffsetDateTime.class);
        entry.node = row.getString("node");
        entry.action = row.getString("action");
        entry.outcome = row.getString("outcome");
        entry.actorKind = row.getString("actor_kind");
        entry.actorId = row.getString("actor_id");
        entry.actorName = row.getString("actor_name");
        entry.address = row.getString("address");
        entry.requestId = row.getString("request_id");
        entry.names = row.getString("names");
        entry.serial = row.getString("serial");
        entry.detail = row.getString("detail");
        entry.previousHash = row.getString("previous_hash");
        entry.hash = row.getString("hash");
        return entry;
    }

    /**
     * What the hash is made of: all but the number, which is the entry's place in the chain. Each text has its length
     * before it, so that no two entries have the same content.
     */
    byte[] content() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(ByteBuffer.allocate(12).putLong(moment.toEpochSecond()).putInt(moment.getNano()).array());
        for (String text : new String[] {node, action, outcome, actorKind, actorId, actorName, address, requestId,
                names, serial, detail, previousHash}) {
            byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
            content.writeBytes(ByteBuffer.allocate(4).putInt(text == null ? -1 : bytes.length).array());
            content.writeBytes(bytes);
        }
        return content.toByteArray();
    }

    /** From 1, without gaps. */
    public long number() {
        return number;
    }

    /** By the clock of the node that wrote it: of two nodes the later entry may have the earlier moment. */
    public Instant moment() {
        return moment.toInstant();
    }

    /** The node's host, and what tells two of its starts apart. */
    public String node() {
        return node;
    }

    /** Mostly the name of an {@link Action}. */
    public String action() {
        return action;
    }

    /** Mostly the name of an {@link Outcome}. */
    public String outcome() {
        return outcome;
    }

    /** Mostly the name of an {@link Actor.Kind}. */
    public String actorKind() {
        return actorKind;
    }

    public Optional<String> actorId() {
        return Optional.ofNullable(actorId);
    }

    public Optional<String> actorName() {
        return Optional.ofNullable(actorName);
    }

    public Optional<String> address() {
        return Optional.ofNullable(address);
    }

    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    public List<String> names() {
        return Texts.split(names);
    }

    public Optional<String> serial() {
        return Optional.ofNullable(serial);
    }

    public Optional<String> detail() {
        return Optional.ofNullable(detail);
    }

    public String previousHash() {
        return previousHash;
    }

    public String hash() {
        return hash;
    }

    /** Its place in the chain, and its hash. */
    public AuditAnchor anchor() {
        return new AuditAnchor(number, hash);
    }
}

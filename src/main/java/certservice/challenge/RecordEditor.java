package certservice.challenge;

import java.util.Collection;
import java.util.List;

/**
 * Adds and removes TXT values at one DNS provider. This is all that a provider has to know: which names, delegation,
 * waiting for propagation and the wording of problems are {@link Dns01Solver}'s.
 *
 * <p>An editor <b>must</b>
 * <ul>
 * <li>leave every other value under the same name, and every other record, as it is;
 * <li>be idempotent: a value that is there already counts as added, one that is not there counts as removed;
 * <li>treat the records as independent: what can't be done for one (its zone is not served, it is forbidden) does not
 *     keep the others from being done;
 * <li>find the zone of a name itself, if its protocol needs one;
 * <li>return within some seconds, also when its server is dead;
 * <li>keep no state between the calls, since another node may remove what this one added;
 * <li>be usable by many threads at once.
 * </ul>
 * It <b>should</b> change all values of one name in one step, and all names of one zone in as few steps as the protocol
 * allows. It <b>should not</b> wait until its servers show the change, and should not retry for longer than a moment.
 *
 * <p>It is called on the thread that works on an order, with the interrupt flag cleared, so that also an order that is
 * being cancelled cleans up. Secrets reach neither the log nor a {@link Refusal}; a server's address may be logged.
 */
public interface RecordEditor {

    /**
     * Adds the values, best with a short TTL.
     *
     * @param records without duplicates; the two values of a wildcard and its apex have the same name
     * @return what could not be added, empty if all is well; an unchecked exception counts as a refusal of all
     */
    List<Refusal> add(Collection<TxtRecord> records);

    /**
     * Removes exactly these values.
     *
     * @return what could not be removed, empty if none of the values is there any more; an unchecked exception counts
     *         as a refusal of all
     */
    List<Refusal> remove(Collection<TxtRecord> records);

    /**
     * The authoritative servers that have to show the values before the CA is asked to look, where they are not those
     * of the zone's NS records (a hidden primary, split horizon, a high port); empty for the NS records.
     */
    default List<DnsServer> nameservers() {
        return List.of();
    }
}

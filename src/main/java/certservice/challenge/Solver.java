package certservice.challenge;

import java.time.Instant;
import java.util.Collection;

/**
 * Publishes the proofs of one challenge type. All proofs of one order that have this type come together, so that a
 * solver can publish them in few steps.
 *
 * <p>The calls come in this order, all on the thread that works on the order: {@link #present}, {@link #await}, the
 * CA validates, {@link #withdraw}. {@code withdraw} is called whatever happened before, also after a {@code present}
 * that failed half-way; it must then remove what is there and ignore what is not. A solver is used by many orders at
 * once, and the calls for one order may come to different nodes.
 */
public interface Solver {

    /** The challenge type that this solver proves, such as {@code http-01}. */
    String type();

    /**
     * Publishes the proofs. Values that others published under the same names stay.
     *
     * @throws certservice.problem.Failure with one problem for every domain whose proof could not be published
     */
    void present(Collection<Proof> proofs);

    /**
     * Returns when the CA can see every proof.
     *
     * @throws certservice.problem.Failure with one problem for every domain whose proof is not visible at the deadline
     */
    void await(Collection<Proof> proofs, Instant deadline) throws InterruptedException;

    /** Removes the proofs. What can't be removed is logged; nothing is thrown, since the order's outcome stands. */
    void withdraw(Collection<Proof> proofs);
}

package certservice.apikey;

import certservice.TestDatabase;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the container would make of this room's beans: each call in a transaction of its own. */
final class KeysOfTests {

    private KeysOfTests() {
    }

    static KeyUsage usage(TestDatabase database) {
        KeyUsage usage = new KeyUsage();
        usage.uses = uses(database);
        return usage;
    }

    static KeyUses uses(TestDatabase database) {
        return new KeyUses() {
            @Override
            public boolean take(String keyId, LocalDate day, int limit, Instant now) {
                return database.transactionally(entityManager -> {
                    KeyUses uses = new KeyUses();
                    uses.entityManager = entityManager;
                    return uses.take(keyId, day, limit, now);
                });
            }

            @Override
            public void add(String keyId, LocalDate day, int requests, Instant lastUsed) {
                database.inTransaction(entityManager -> {
                    KeyUses uses = new KeyUses();
                    uses.entityManager = entityManager;
                    uses.add(keyId, day, requests, lastUsed);
                });
            }

            @Override
            public Map<String, KeyUse> last(Collection<String> keyIds) {
                return database.transactionally(entityManager -> {
                    KeyUses uses = new KeyUses();
                    uses.entityManager = entityManager;
                    return uses.last(keyIds);
                });
            }

            @Override
            public void forgetBefore(LocalDate day) {
                database.inTransaction(entityManager -> {
                    KeyUses uses = new KeyUses();
                    uses.entityManager = entityManager;
                    uses.forgetBefore(day);
                });
            }
        };
    }

    static class CountedGuesses extends Guesses {

        private final TestDatabase database;
        int writes;

        CountedGuesses(TestDatabase database) {
            this.database = database;
        }

        @Override
        public Optional<Guess> addTo(String address, Instant began, long number) {
            writes++;
            return database.transactionally(entityManager -> {
                Guesses guesses = new Guesses();
                guesses.entityManager = entityManager;
                return guesses.addTo(address, began, number);
            });
        }

        @Override
        public Guess add(String address, Instant over, Instant now) {
            writes++;
            return database.transactionally(entityManager -> {
                Guesses guesses = new Guesses();
                guesses.entityManager = entityManager;
                return guesses.add(address, over, now);
            });
        }

        @Override
        public List<Guess> atLeast(int limit, Instant over) {
            return database.transactionally(entityManager -> {
                Guesses guesses = new Guesses();
                guesses.entityManager = entityManager;
                return guesses.atLeast(limit, over);
            });
        }

        @Override
        public boolean remove(String address) {
            return database.transactionally(entityManager -> {
                Guesses guesses = new Guesses();
                guesses.entityManager = entityManager;
                return guesses.remove(address);
            });
        }

        @Override
        public void forgetBefore(Instant moment) {
            database.inTransaction(entityManager -> {
                Guesses guesses = new Guesses();
                guesses.entityManager = entityManager;
                guesses.forgetBefore(moment);
            });
        }
    }
}

package certservice.apikey;

import jakarta.persistence.EntityManager;

/** The bean for other rooms' tests, as the container would make it. */
public final class KeyUsesOfTests {

    private KeyUsesOfTests() {
    }

    public static KeyUses in(EntityManager entityManager) {
        KeyUses uses = new KeyUses();
        uses.entityManager = entityManager;
        return uses;
    }
}

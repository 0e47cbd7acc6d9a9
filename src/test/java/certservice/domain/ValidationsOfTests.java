package certservice.domain;

import jakarta.persistence.EntityManager;

/** The bean for other rooms' tests, as the container would make it. */
public final class ValidationsOfTests {

    private ValidationsOfTests() {
    }

    public static Validations in(EntityManager entityManager) {
        Validations validations = new Validations();
        validations.entityManager = entityManager;
        return validations;
    }
}

package certservice.harness;

/** Somebody whom an application server knows. */
public record ServerUser(String name, String password) {

    @Override
    public String toString() {
        return name;
    }
}

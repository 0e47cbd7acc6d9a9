package certservice.admin.jmx;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a client's user reads about an MBean (on its class), and about its attributes and operations: methods with this
 * are offered, and no others. A method {@code getSomething()} is the attribute {@code Something}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface Described {
    String value();

    /** Whether an operation changes something: servers with roles let readers call only those that don't. */
    boolean changes() default false;
}

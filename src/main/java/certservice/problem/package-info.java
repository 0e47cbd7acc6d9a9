/**
 * The one failure type, and how it leaves the house.
 *
 * <ul>
 * <li>R2.1 Every failure that a caller sees is a {@link certservice.problem.Failure}, thrown where its cause is
 * known.</li>
 * <li>R2.2 The body is always JSON with {@code message}; it never holds a stack trace, a class name, a path or an
 * internal address.</li>
 * <li>R2.3 Every answer carries {@code X-Request-Id}, which is also in the log.</li>
 * </ul>
 *
 * <p>It does not decide what a failure is: that is up to the rooms.
 *
 * <p>Entry points: {@link certservice.problem.Failure}, {@link certservice.problem.Problem},
 * {@link certservice.problem.RequestId}.
 */
package certservice.problem;

/**
 * The one failure type, and how it leaves the house.
 *
 * <ul>
 * <li>R2.1 Every failure that a caller sees is a {@link certservice.problem.Failure}, thrown where its cause is
 * known.</li>
 * <li>R2.2 The body is always JSON with {@code message}; it never holds a stack trace, a class name, a path or an
 * internal address.</li>
 * <li>R2.3 Every answer carries {@code X-Request-Id}, which is also in the log.</li>
 * <li>R2.4 A database that is away is a 503 everywhere, with one line in the log:
 * {@link certservice.problem.Outage} tells it from other errors, {@link certservice.problem.DatabaseGuard} stands
 * before each bean that asks the database. {@link certservice.problem.Duplicate} tells that somebody else was quicker,
 * which is no failure.</li>
 * </ul>
 *
 * <p>It does not decide what any other failure is: that is up to the rooms.
 *
 * <p>Entry points: {@link certservice.problem.Failure}, {@link certservice.problem.Problem},
 * {@link certservice.problem.FailureAnswer} for servlet filters, {@link certservice.problem.RequestId},
 * {@link certservice.problem.Outage}, {@link certservice.problem.Duplicate}.
 */
package certservice.problem;

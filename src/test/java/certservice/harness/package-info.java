/**
 * Everything around the service that a black-box test, the demo or a measurement needs: a real ACME server (Let's
 * Encrypt's test CA Pebble), real DNS (BIND, or Pebble's challtestsrv), an application server, and an HTTP client.
 *
 * <p>Rules: every listener is on loopback and on a free port; every process is a {@link ManagedProcess} and ends with
 * the JVM at the latest; every file lies below the build directory; nothing waits for a fixed time.
 *
 * <p>Entry points: {@link TestBed#shared()} for tests, {@link Demo} for people. The harness knows the service only
 * from outside: its settings, its import file and its HTTP API.
 */
package certservice.harness;

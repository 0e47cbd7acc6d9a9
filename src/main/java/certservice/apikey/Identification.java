package certservice.apikey;

/** What became of the question who is calling. */
public sealed interface Identification permits Caller, Refusal {
}

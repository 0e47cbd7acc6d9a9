package certservice.problem;

/** What a caller is told where HTTP itself, not this service, says no. */
final class HttpMessages {

    private HttpMessages() {
    }

    static String of(int status) {
        return switch (status) {
            case 400 -> "The request is not valid HTTP";
            case 401 -> "Invalid or unauthorized API key";
            case 403 -> "Forbidden";
            case 404 -> "There is nothing at this path";
            case 405 -> "This method is not allowed here; the header Allow lists those that are";
            case 406 -> "The Accept header allows no media type that this path can answer with";
            case 413 -> "The request body is larger than 64 KiB";
            case 414 -> "The URI is too long";
            case 415 -> "The Content-Type must be application/json";
            case 500 -> "No certificate was generated";
            case 503 -> "The service is not available at the moment";
            default -> "HTTP " + status;
        };
    }
}

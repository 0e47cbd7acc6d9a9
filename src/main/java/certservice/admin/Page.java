package certservice.admin;

import java.util.List;

/**
 * A part of a list.
 *
 * @param total how many items the whole list has
 */
public record Page<T>(List<T> items, long total) {
    public Page {
        items = List.copyOf(items);
    }
}

package dev.tailrace.event;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An array of PostgreSQL whose subscripts do not begin at one, such as {@code [2:3]={7,8}}: the list of its elements, which
 * knows its bounds. It equals no list without them. Immutable as its elements are.
 */
public final class BoundedArray extends AbstractList<@Nullable Object> {
    private final String bounds;
    private final List<? extends @Nullable Object> elements;

    /**
     * @param bounds of every dimension as the server writes them, {@code [2:3]} or {@code [0:1][-1:0]}
     * @param elements values, nulls, or lists again
     */
    public BoundedArray(String bounds, List<? extends @Nullable Object> elements) {
        this.bounds = Objects.requireNonNull(bounds, "bounds");
        this.elements = elements;
    }

    public String bounds() {
        return bounds;
    }

    @Override
    public @Nullable Object get(int index) {
        return elements.get(index);
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BoundedArray that && bounds.equals(that.bounds) && elements.equals(that.elements);
    }

    @Override
    public int hashCode() {
        return 31 * bounds.hashCode() + elements.hashCode();
    }
}

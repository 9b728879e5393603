package dev.tailrace.capture;

import dev.tailrace.event.Column;
import org.jspecify.annotations.Nullable;

/** One column of the engine's row images: what it is, and what its values become. */
public interface ColumnForm {

    Column column();

    /**
     * The value of a {@link dev.tailrace.event.Row}, absent where the source sent none (I7).
     *
     * @param travelled what the engine's record holds
     */
    @Nullable
    Object value(@Nullable Object travelled);
}

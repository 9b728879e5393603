package dev.tailrace.bench;

import java.util.function.Consumer;

/** Something that is measured on both sides. */
interface Measure {

    /**
     * Measures and hands over each comparison as soon as it is complete.
     *
     * @throws IllegalStateException when what arrived is not what was sent: then there is no figure
     */
    void run(Bench.Run run, Consumer<Comparison> results) throws Exception;
}

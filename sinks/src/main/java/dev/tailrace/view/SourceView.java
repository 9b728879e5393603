package dev.tailrace.view;

import dev.tailrace.config.Settings;
import dev.tailrace.sink.SinkFactory;

/** Configures a sink together with what it is shown of the source. */
public final class SourceView {
    private SourceView() {}

    /**
     * Reads the keys {@code keys, columns, mask-key, where, truncate} and those of the sink itself.
     *
     * @return the factory's own definition when the sink is shown everything
     */
    public static SinkFactory.Definition configure(SinkFactory factory, Settings settings) {
        ViewSettings view = ViewSettings.read(settings);
        SinkFactory.Definition definition = factory.configure(settings);
        return view.showsEverything() ? definition : new ViewedDefinition(view, definition);
    }
}

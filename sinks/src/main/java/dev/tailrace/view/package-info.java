/**
 * What a sink is shown of the source: under which key, which columns and how masked, which rows, which truncations.
 *
 * <p>Start at {@link dev.tailrace.view.SourceView}. It stands in front of any sink and turns the changes of the source
 * into those of the view before the sink sees one, so that a masked value is nowhere behind it: not in an old image, not
 * in a history, not in an error. Ids stay those of the source's events. Keeps I7: a row that would have to be made up out
 * of a part of it is refused.
 */
@NullMarked
package dev.tailrace.view;

import org.jspecify.annotations.NullMarked;

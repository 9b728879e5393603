package dev.tailrace.demo;

import dev.tailrace.demo.TypesTarget.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How values are read at one side of a comparison of two databases, so that equal values are equal texts.
 *
 * @param toTheLetter whether the database's own texts are compared, because both sides are of one kind
 */
record TypesReading(Kind kind, boolean toTheLetter) {

    private WideForm form(WideForm form) {
        return toTheLetter ? WideForm.TEXT : form;
    }

    String expression(WideForm form, String column) {
        return kind.expression(form(form), column);
    }

    /** The value's text in its canonical form; null for null. */
    String canonical(WideForm form, ResultSet row, int column) throws SQLException {
        String text = kind.text(row, column);
        return text == null ? null : form(form).canonical(text);
    }
}

package dev.tailrace.capture.mysql;

import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonFormatter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Locale;

/** Writes a binary document as {@link MySqlJson} wants it. What JSON has no type for is written as the server does. */
final class JsonText implements JsonFormatter {
    private final StringBuilder out = new StringBuilder();

    @Override
    public String toString() {
        return out.toString();
    }

    @Override
    public void beginObject(int numElements) {
        out.append('{');
    }

    @Override
    public void beginArray(int numElements) {
        out.append('[');
    }

    @Override
    public void endObject() {
        out.append('}');
    }

    @Override
    public void endArray() {
        out.append(']');
    }

    @Override
    public void name(String name) {
        MySqlJson.quote(out, name);
        out.append(": ");
    }

    @Override
    public void nextEntry() {
        out.append(", ");
    }

    @Override
    public void value(String value) {
        MySqlJson.quote(out, value);
    }

    @Override
    public void value(int value) {
        out.append(value);
    }

    @Override
    public void value(long value) {
        out.append(value);
    }

    @Override
    public void value(double value) {
        out.append(MySqlJson.number(value));
    }

    @Override
    public void value(BigInteger value) {
        out.append(value);
    }

    @Override
    public void value(BigDecimal value) {
        out.append(value.scale() > 0 ? MySqlJson.number(value, value.signum() < 0) : value.toPlainString());
    }

    @Override
    public void value(boolean value) {
        out.append(value);
    }

    @Override
    public void valueNull() {
        out.append("null");
    }

    @Override
    public void valueYear(int year) {
        out.append(year);
    }

    @Override
    public void valueDate(int year, int month, int day) {
        MySqlJson.quote(out, String.format(Locale.ROOT, "%04d-%02d-%02d", year, month, day));
    }

    @Override
    public void valueDatetime(int year, int month, int day, int hour, int min, int sec, int microSeconds) {
        MySqlJson.quote(
                out,
                String.format(
                        Locale.ROOT,
                        "%04d-%02d-%02d %02d:%02d:%02d.%06d",
                        year,
                        month,
                        day,
                        hour,
                        min,
                        sec,
                        microSeconds));
    }

    @Override
    public void valueTime(int hour, int min, int sec, int microSeconds) {
        time(false, hour, min, sec, microSeconds);
    }

    void time(boolean negative, int hour, int minute, int second, int micros) {
        MySqlJson.quote(
                out,
                (negative ? "-" : "")
                        + String.format(Locale.ROOT, "%02d:%02d:%02d.%06d", hour, minute, second, micros));
    }

    @Override
    public void valueTimestamp(long secondsPastEpoch, int microSeconds) {
        throw new IllegalStateException("the server's binary JSON has no such value");
    }

    @Override
    public void valueOpaque(ColumnType type, byte[] value) {
        MySqlJson.quote(
                out, "base64:type" + type.getCode() + ":" + Base64.getEncoder().encodeToString(value));
    }
}

package dev.tailrace.deadletter;

/**
 * How much is in a log.
 *
 * @param dead refused changes that wait for an operator, or for what he asked for
 * @param parkedRows rows whose changes wait
 * @param letters changes that wait, the refused ones among them
 * @param everDead refused changes that ever became dead letters
 */
public record Counts(long dead, long parkedRows, long letters, long everDead) {
    public static final Counts NONE = new Counts(0, 0, 0, 0);
}

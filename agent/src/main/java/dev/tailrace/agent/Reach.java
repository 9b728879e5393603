package dev.tailrace.agent;

/**
 * Whether something that is used up comes to its end: much of it is used, or it will not last long and some is used. What
 * was said to be low stays so until there is clearly more, so that nothing is said again and again. One thread.
 */
final class Reach {
    private static final double USED_MUCH = 0.75;
    private static final double USED_LESS = 0.65;
    private static final double USED_SOME = 0.25;
    private static final double USED_LITTLE = 0.2;
    private static final double SOON_SECONDS = 3600;
    private static final double LATER_SECONDS = 2 * 3600;

    private boolean low;

    /**
     * Looks once more.
     *
     * @param used the part of it that is used up, 0 to 1
     * @param secondsLeft until all of it is, infinite when it is not being used
     */
    boolean isLow(double used, double secondsLeft) {
        low = low
                ? used >= USED_LESS || secondsLeft < LATER_SECONDS && used >= USED_LITTLE
                : used >= USED_MUCH || secondsLeft < SOON_SECONDS && used >= USED_SOME;
        return low;
    }
}

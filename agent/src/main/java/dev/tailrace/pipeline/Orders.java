package dev.tailrace.pipeline;

/** What operators ask of a pipeline. Any thread. */
final class Orders {
    private boolean paused;
    private boolean resumed;

    synchronized void pause() {
        paused = true;
        resumed = false;
    }

    synchronized void resume() {
        paused = false;
        resumed = true;
    }

    synchronized boolean isPaused() {
        return paused;
    }

    /** Whether somebody asked to go on since the last call: a halted pipeline then tries again. */
    synchronized boolean takeResume() {
        boolean asked = resumed;
        resumed = false;
        return asked;
    }
}

package dev.tailrace.torture;

import dev.tailrace.demo.Receiver;

/** A receiver that answers one status to whatever has a change of that key. */
record PoisonedReceiver(Receiver receiver, int status) implements Poison.Target {
    @Override
    public boolean refuse(String key) {
        receiver.refuse(key, status);
        return true;
    }

    @Override
    public void mend() {
        receiver.refuseNothing();
    }
}

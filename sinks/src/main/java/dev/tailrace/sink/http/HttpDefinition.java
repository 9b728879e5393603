package dev.tailrace.sink.http;

import dev.tailrace.config.Finding;
import dev.tailrace.config.Finding.Severity;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkException;
import dev.tailrace.sink.SinkFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;

/**
 * A configured HTTP sink.
 *
 * @param memory of the sinks made from this, one after the other
 */
record HttpDefinition(HttpSettings settings, Clock clock, ReceiverMemory memory) implements SinkFactory.Definition {
    HttpDefinition(HttpSettings settings, Clock clock) {
        this(settings, clock, new ReceiverMemory(settings.connections()));
    }

    @Override
    public Sink create() {
        return new HttpSink(settings, clock, memory);
    }

    @Override
    public List<Finding> preflight(SinkContext context) {
        String subject = "sink " + context.sink();
        List<Finding> findings = new ArrayList<>();
        try {
            Connections.probe(settings);
        } catch (SSLHandshakeException e) {
            findings.add(new Finding(
                    "HTTP-UNTRUSTED",
                    subject,
                    settings.shownUrl() + " is not trusted: " + e.getMessage(),
                    "Set tls.ca-file to the certificates of the authority that signed the receiver's certificate.",
                    Severity.FATAL));
        } catch (IOException e) {
            findings.add(new Finding(
                    "HTTP-CONNECT",
                    subject,
                    settings.shownUrl() + " cannot be reached: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    "Start the receiver or mend url.",
                    Severity.TRANSIENT));
        } catch (SinkException e) {
            findings.add(new Finding(e.code(), subject, String.valueOf(e.getMessage()), e.remedy(), Severity.FATAL));
        }
        if (!settings.encrypted() && !loopback()) {
            findings.add(new Finding(
                    "HTTP-CLEARTEXT",
                    subject,
                    settings.shownUrl() + " is not encrypted: changes and secrets can be read on the way",
                    "Use https.",
                    Severity.WARNING));
        }
        return findings;
    }

    private boolean loopback() {
        try {
            return InetAddress.getByName(settings.url().getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "http sink to " + settings.shownUrl();
    }
}

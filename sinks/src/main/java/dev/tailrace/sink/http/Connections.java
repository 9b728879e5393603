package dev.tailrace.sink.http;

import dev.tailrace.sink.SinkException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Makes clients and test connections with the trust that the settings name. */
final class Connections {
    private Connections() {}

    /**
     * HTTP/1.1 on purpose: with HTTP/2 a routine GOAWAY of the server aborts requests on their way (JDK-8335181).
     *
     * @throws SinkException HALT when the certificates cannot be read
     */
    static HttpClient client(HttpSettings settings) throws SinkException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout());
        if (settings.caFile().isPresent()) {
            builder.sslContext(trust(settings.caFile().get()));
        }
        return builder.build();
    }

    private static SSLContext trust(Path caFile) throws SinkException {
        try (InputStream in = Files.newInputStream(caFile)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            if (number == 0) {
                throw new GeneralSecurityException("it holds no certificate");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw SinkException.halt(
                    "HTTP-CA-FILE",
                    "the certificates in " + caFile + " cannot be read: " + e.getMessage(),
                    "Write the authority's certificates in PEM into tls.ca-file.",
                    e);
        }
    }

    /** Connects, for https shakes hands and compares the certificate's name, sends nothing else. */
    static void probe(HttpSettings settings) throws IOException, SinkException {
        int millis = Math.toIntExact(settings.connectTimeout().toMillis());
        String host = settings.url().getHost();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host.replaceAll("^\\[|]$", ""), settings.port()), millis);
            if (!settings.encrypted()) {
                return;
            }
            socket.setSoTimeout(millis);
            SSLContext context =
                    settings.caFile().isPresent() ? trust(settings.caFile().get()) : SSLContext.getDefault();
            try (SSLSocket secure =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, host, settings.port(), true)) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
                secure.startHandshake();
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java platform has no default trust", e);
        }
    }
}

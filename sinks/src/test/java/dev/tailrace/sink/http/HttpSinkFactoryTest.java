package dev.tailrace.sink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tailrace.config.Finding;
import dev.tailrace.sink.ChangeStream;
import dev.tailrace.sink.FaultPoint;
import dev.tailrace.sink.MapSettings;
import dev.tailrace.sink.Sink;
import dev.tailrace.sink.SinkContext;
import dev.tailrace.sink.SinkFactory;
import dev.tailrace.sink.TestSchemas;
import dev.tailrace.sink.WriteResult;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys, findings before the start, and trust. */
class HttpSinkFactoryTest {
    private static final String SECRET = "s3cret-that-nothing-shows";

    @TempDir
    Path directory;

    private static SinkContext context() {
        return new SinkContext(
                "shop", "events", ChangeStream.JOURNAL, 1, "start-1", Path.of("/nowhere"), List.of(), FaultPoint.NONE);
    }

    @Test
    void isFoundAsAService() {
        assertThat(ServiceLoader.load(SinkFactory.class).stream()
                        .map(p -> p.get().type())
                        .toList())
                .contains("http", "file");
    }

    @ParameterizedTest
    @CsvSource({
        "url,ftp://host/x",
        "url,http://user:" + SECRET + "@host/x",
        "url,http:///x",
        "url,http://ho st/" + SECRET,
        "format,avro",
        "signing-secret," + SECRET,
        "signing-secret,whsec_c2hvcnQ=",
        "connections,0",
        "timeout,1ms",
        "compression,lz4"
    })
    void reportsProblemsWithoutShowingSecrets(String key, String value) {
        Map<String, Object> keys = new java.util.HashMap<>(Map.of("url", "http://127.0.0.1:1/"));
        keys.put(key, value);
        MapSettings settings = new MapSettings(keys);
        new HttpSinkFactory().configure(settings);
        assertThat(settings.problems())
                .singleElement()
                .satisfies(p -> assertThat(p).startsWith(key + ": ").doesNotContain(SECRET));
    }

    @Test
    void refusesHeadersThatAreItsOwnOrNotAllowed() {
        MapSettings settings = new MapSettings(Map.of(
                "url",
                "http://127.0.0.1:1/?k=" + SECRET,
                "headers",
                Map.of("Content-Type", "text/plain", "Host", "x", "X-Ok", SECRET, "X-Bad", "a\r\nb: " + SECRET)));
        SinkFactory.Definition definition = new HttpSinkFactory().configure(settings);
        assertThat(settings.problems()).hasSize(3).allSatisfy(p -> assertThat(p).doesNotContain(SECRET));
        assertThat(definition.toString()).doesNotContain(SECRET);
        assertThat(((HttpDefinition) definition).settings().toString()).doesNotContain(SECRET);
    }

    @Test
    void findsATargetThatIsDown() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        assertThat(definition(Map.of("url", "http://127.0.0.1:" + port + "/?k=" + SECRET))
                        .preflight(context()))
                .singleElement()
                .satisfies(f -> {
                    assertThat(f.code()).isEqualTo("HTTP-CONNECT");
                    assertThat(f.severity()).isEqualTo(Finding.Severity.TRANSIENT);
                    assertThat(f.toString()).doesNotContain(SECRET);
                });
    }

    @Test
    void trustsTheAuthorityThatItIsGivenAndNoOther() throws Exception {
        Path store = directory.resolve("server.p12");
        Path certificate = directory.resolve("ca.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "s",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "s",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-file",
                certificate.toString());
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(store)));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            String port = ":" + server.getAddress().getPort() + "/";
            Map<String, Object> tls = Map.of("ca-file", certificate);
            SinkFactory.Definition trusted = definition(Map.of("url", "https://localhost" + port, "tls", tls));
            assertThat(trusted.preflight(context())).isEmpty();
            try (Sink sink = trusted.create()) {
                sink.open(context());
                assertThat(sink.write(new ChangeStream()
                                .insert(TestSchemas.ORDERS_UPPER, 1L, "a")
                                .commit()
                                .batch()))
                        .isEqualTo(WriteResult.DURABLE);
            }
            assertUntrusted(definition(Map.of("url", "https://localhost" + port)));
            // The certificate is for another name.
            assertUntrusted(definition(Map.of("url", "https://127.0.0.1" + port, "tls", tls)));
        } finally {
            server.stop(0);
        }
    }

    private static void assertUntrusted(SinkFactory.Definition definition) {
        assertThat(definition.preflight(context())).singleElement().satisfies(f -> {
            assertThat(f.code()).isEqualTo("HTTP-UNTRUSTED");
            assertThat(f.severity()).isEqualTo(Finding.Severity.FATAL);
        });
    }

    private static SinkFactory.Definition definition(Map<String, Object> keys) {
        MapSettings settings = new MapSettings(keys);
        SinkFactory.Definition definition = new HttpSinkFactory().configure(settings);
        assertThat(settings.problems()).isEmpty();
        return definition;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static SSLContext tls(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
